import { describe, expect, it } from "vitest"
import { boxAround, nearestPoint, nextPoint, onCanvas, place, type Point } from "../../src/interpolate/plane"

const map = { origin: [1, 1, 1], axes: [[1, 0, 0], [0, 0, 2]], share: 1, every: 1, rows: [], codeWidth: 4 }
const POINTS: Point[] = [[0, 0], [1, 0], [5, 0.1], [0, 2], [-1, 0]]

describe("the plane", () => {
  it("places codes along its axes", () => {
    expect(place(map, [1, 1, 1])).toEqual([0, 0])
    expect(place(map, [3, 9, 2])).toEqual([2, 2])
  })

  it("has room for every point", () => {
    const box = boxAround(POINTS)
    for (const point of POINTS) {
      const [x, y] = onCanvas(box, point, 100, 50)
      expect(x > 0 && x < 100 && y > 0 && y < 50).toBe(true)
    }
    const flat = boxAround([[2, 3]])
    expect(onCanvas(flat, [2, 3], 100, 50).every(Number.isFinite)).toBe(true)
    expect(boxAround([]).right).toBeGreaterThan(0)
  })

  it("finds the point under the pointer, if there is one near", () => {
    expect(nearestPoint(POINTS, [0.9, 0.1])).toBe(1)
    expect(nearestPoint(POINTS, [3, 3], 0.5)).toBeNull()
  })

  it("goes where the arrow points, and stays where nothing is", () => {
    expect(nextPoint(POINTS, 0, 1, 0)).toBe(1)
    expect(nextPoint(POINTS, 1, 1, 0)).toBe(2)
    expect(nextPoint(POINTS, 0, 0, 1)).toBe(3)
    expect(nextPoint(POINTS, 0, 0, -1)).toBe(0)
    expect(nextPoint(POINTS, 0, -1, 0)).toBe(4)
  })
})
