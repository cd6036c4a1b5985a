import { describe, expect, test } from "vitest"
import type { MapModel } from "../../src/map/data"
import { packed } from "../../src/map/selection"
import { countsFor, possible, read, written } from "../../src/map/settings"

const model = {
  latentDim: 16,
  axes: [{ dim: 4 }, { dim: 9 }],
  splits: [{ name: "all", title: "All", n: 70_000 }, { name: "test", title: "Test", n: 1500 }],
  values: [{ name: "rate", title: "Rate" }],
  projections: [
    { name: "pca", slow: false },
    { name: "dims", slow: false },
    { name: "tsne", slow: true },
  ],
  mostForSlow: 20_000,
} as MapModel

describe("settings", () => {
  test("are written and read back", () => {
    const settings = possible(model, { projection: "tsne", split: "test", n: 1000, dims: [3, 1], colour: "rate" })
    expect(possible(model, read(written(settings)))).toEqual(settings)
  })

  test("what cannot be had is replaced", () => {
    const nonsense = read("../x;nowhere;-5;3,3;blood type")
    expect(possible(model, nonsense)).toEqual({
      projection: "pca", split: "all", n: 20_000, dims: [4, 9], colour: "class",
    })
    expect(possible(model, read(""))).toEqual(possible(model, {}))
  })

  test("slow maps take fewer points, quick ones all", () => {
    expect(countsFor(model, { projection: "tsne", split: "all" }).at(-1)).toBe(20_000)
    expect(countsFor(model, { projection: "pca", split: "all" }).at(-1)).toBe(70_000)
    expect(countsFor(model, { projection: "pca", split: "test" })).toEqual([1000, 1500])
    expect(possible(model, { n: 70_000 }).n).toBe(70_000)
    expect(possible(model, { projection: "tsne", n: 70_000 }).n).toBe(20_000)
  })

  test("a plane of two dimensions is shown as it is", () => {
    expect(possible({ ...model, latentDim: 2 }, {}).projection).toBe("dims")
    expect(possible({ ...model, latentDim: 2 }, {}).dims).toEqual([0, 1])
  })
})

test("positions are packed one bit a point, the first in the highest bit", () => {
  expect(atob(packed([0, 7, 9], 10))).toBe(String.fromCharCode(0b10000001, 0b01000000))
  expect(atob(packed([], 17))).toHaveLength(3)
  expect(atob(packed([99_999], 100_000)).charCodeAt(12_499)).toBe(1)
})
