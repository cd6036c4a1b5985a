import { describe, expect, it } from "vitest"
import type { Frame } from "../src/interpolate/data"
import { codeAt } from "../src/interpolate/walk"
import { unpacked } from "../src/standalone/packed"
import { onArc, pathThrough } from "../src/standalone/paths"

const frame = (...z: number[]): Frame => ({ z, label: null, source: "", row: null })
const length = (z: ArrayLike<number>) => Math.hypot(...Array.from(z))

describe("paths worked out in the page", () => {
  const frames = [frame(2, 0, 0), frame(0, 1, 0), frame(0, 0, -3)]

  it.each(["linear", "spherical"] as const)("%s goes through every key frame", (kind) => {
    const walk = pathThrough(frames, kind)
    frames.forEach(({ z }, i) => expect([...codeAt(walk, i)]).toEqual(z))
  })

  it("is straight between key frames", () => {
    expect([...codeAt(pathThrough(frames, "linear"), 0.25)]).toEqual([1.5, 0.25, 0])
  })

  it("turns evenly on an arc, and so changes the length", () => {
    const z = onArc([2, 0], [0, 1], 0.5)
    expect(length(z)).toBeCloseTo(1.5, 9)
    expect(z[0]).toBeCloseTo(z[1]!, 9)
    expect(length(onArc([2, 0], [0, 1], 0.25))).toBeCloseTo(1.75, 9)
  })

  it.each([
    [[0, 0], [1, 1]],
    [[1, 1], [2, 2]],
    [[1, 0], [-1, 0]],
  ])("is straight where there is no arc: %j to %j", (a, b) => {
    expect(onArc(a, b, 0.5)).toEqual(a.map((value, d) => (value + b[d]!) / 2))
  })
})

it("unpacks what was packed", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 7)
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))
  const packed = new Uint8Array(await new Response(stream).arrayBuffer())
  expect([...(await unpacked(`${btoa(String.fromCharCode(...packed))}\n`))]).toEqual([...bytes])
})
