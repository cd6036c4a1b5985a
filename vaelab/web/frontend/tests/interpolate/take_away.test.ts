import { describe, expect, it } from "vitest"
import type { WalkModel } from "../../src/interpolate/data"
import { LEG_SECONDS, Player } from "../../src/interpolate/player"
import { asJson, filmRequest } from "../../src/interpolate/take_away"
import type { Walk } from "../../src/interpolate/walk"

const walk: Walk = {
  kind: "linear", title: "", about: "", note: "", codes: Float32Array.of(0, 1, 2, 3, 4), n: 5, width: 1, legs: 2,
  votes: null, percentiles: null, length: 7.5, steps: 32,
}
const frame = (z: number, label: number | null) => ({ z: [z], label, source: `at ${z}`, row: null })
const frames = [frame(0, 1), frame(2, 0), frame(4, 0)]

describe("a film to take away", () => {
  it("lasts as long as it does on the page, and runs back if it does there", () => {
    const player = new Player(2)
    for (const speed of [0.25, 1, 4]) {
      player.speed = speed
      const asked = filmRequest({ walk, frames, player }, "mp4", 0)
      expect((asked.z.length - 1) / asked.rate).toBeCloseTo((2 * LEG_SECONDS) / speed)
      expect([asked.z[0], asked.z[asked.z.length - 1]]).toEqual([[0], [4]])
      expect(asked.back).toBe(true)
    }
    player.repeat = "once"
    expect(filmRequest({ walk, frames, player }, "gif", 0).back).toBe(false)
  })

  it("has no more pictures than the server makes, however slow it is", () => {
    const player = new Player(7)
    player.speed = 0.25
    const asked = filmRequest({ walk: { ...walk, legs: 7 }, frames, player }, "mp4", 2)
    expect(asked.z.length).toBe(600)
    expect(asked.y?.length).toBe(600)
    expect(asked.rate).toBeGreaterThanOrEqual(1)
  })

  it("is told as numbers with all that decodes them again", () => {
    const model = { id: "m", weights: "abc", classes: ["a", "b"] } as unknown as WalkModel
    const told = asJson(model, { walk, frames, player: new Player(2) })
    expect(told.key_frames.map((key) => key.class)).toEqual(["b", "a", "a"])
    expect(told.codes).toEqual([[0], [1], [2], [3], [4]])
    expect(told.class_weights).toEqual([[0, 1], [0.5, 0.5], [1, 0], [1, 0], [1, 0]])
    expect(told.weights_sha256).toBe("abc")
  })
})
