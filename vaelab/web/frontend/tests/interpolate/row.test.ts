import { describe, expect, it } from "vitest"
import { inserted, moved, removed, replaced } from "../../src/interpolate/row"

describe("a row", () => {
  const row = ["a", "b", "c", "d"]

  it("keeps everything when something moves", () => {
    for (let from = 0; from < 4; from++) {
      for (let to = 0; to < 4; to++) {
        const found = moved(row, from, to)
        expect(found[to]).toBe(row[from])
        expect(found.filter((x) => x !== row[from])).toEqual(row.filter((x) => x !== row[from]))
        expect(moved(found, to, from)).toEqual(row)
      }
    }
  })

  it("does not move beyond its ends, or what is not there", () => {
    expect(moved(row, 0, 9)).toEqual(["b", "c", "d", "a"])
    expect(moved(row, 2, -1)).toEqual(["c", "a", "b", "d"])
    expect(moved(row, 7, 0)).toEqual(row)
  })

  it("is left as it was", () => {
    expect(removed(inserted(row, 2, "x"), 2)).toEqual(row)
    expect(replaced(row, 1, "x")).toEqual(["a", "x", "c", "d"])
    expect(row).toEqual(["a", "b", "c", "d"])
  })
})
