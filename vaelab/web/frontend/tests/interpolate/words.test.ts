import { describe, expect, it } from "vitest"
import type { Walk } from "../../src/interpolate/walk"
import { classesAlong, leastDense, percentAt, percentText, placeWord, positionText, runsOf } from "../../src/interpolate/words"

const walk = (part: Partial<Walk>): Walk => ({
  kind: "", title: "", about: "", note: "", codes: new Float32Array(5), n: 5, width: 1, legs: 2,
  votes: null, percentiles: null, length: 0, steps: 0, ...part,
})
const frame = (label: number | null) => ({ z: [0], label, source: "", row: null })

describe("the words of a path", () => {
  it("name its stretches of one class, end to end", () => {
    const runs = runsOf([3, 3, 8, 8, 8, 3])
    expect(runs.map((run) => run.label)).toEqual([3, 8, 3])
    expect(runs[0]?.from).toBe(0)
    expect(runs[2]?.to).toBe(1)
    expect(runs[0]?.to).toBe(runs[1]?.from)
  })

  it("take the class from the votes, else from the heavier key frame", () => {
    expect([...(classesAlong(walk({ votes: Uint8Array.of(1, 1, 0, 2, 2) }), [], 0) ?? [])]).toEqual([1, 1, 0, 2, 2])
    const frames = [frame(4), frame(2), frame(7)]
    expect([...(classesAlong(walk({}), frames, 10) ?? [])]).toEqual([4, 2, 2, 7, 7])
    expect(classesAlong(walk({}), frames, 0)).toBeNull()
  })

  it("find where it is least dense", () => {
    const found = leastDense(walk({ percentiles: Float32Array.of(50, 4, 0.5, 80, 90) }))
    expect(found).toEqual({ percent: 0.5, position: 1 })
    expect(leastDense(walk({}))).toBeNull()
    expect([placeWord(0.5), placeWord(5), placeWord(50)]).toEqual([
      "far from the data",
      "at the edge of the data",
      "among the data",
    ])
    expect([0.2, 12.4, 99.8].map(percentText)).toEqual(["< 1%", "12%", "> 99%"])
  })

  it("know the density between two codes", () => {
    const some = walk({ percentiles: Float32Array.of(50, 4, 0, 80, 90) })
    expect([0, 0.5, 4].map((at) => percentAt(some, at))).toEqual([50, 27, 90])
    expect(percentAt(walk({}), 1)).toBeNull()
  })

  it("say where it stands", () => {
    expect(positionText(0)).toBe("key frame 1")
    expect(positionText(1.35)).toBe("35 % from key frame 2 to 3")
    expect(positionText(2)).toBe("key frame 3")
    expect(positionText(0.9999)).toBe("key frame 2")
  })
})
