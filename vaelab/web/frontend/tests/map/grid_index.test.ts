import { describe, expect, test } from "vitest"
import { GridIndex } from "../../src/map/grid_index"
import { stream } from "./stream"

function cloud(n: number, seed = 1): [Float32Array, Float32Array] {
  const random = stream(seed)
  const x = Float32Array.from({ length: n }, () => random() ** 3 * 10 - 2)
  const y = Float32Array.from({ length: n }, () => random() * 0.5 + 100)
  return [x, y]
}

function bruteForce(x: Float32Array, y: Float32Array, px: number, py: number, k: number): number[] {
  return Array.from(x, (_, i) => Math.hypot(x[i]! - px, y[i]! - py))
    .sort((a, b) => a - b)
    .slice(0, k)
}

describe("GridIndex", () => {
  test("finds the same neighbours as looking at every point, inside and far outside", () => {
    const [x, y] = cloud(2000)
    const index = new GridIndex(x, y)
    const random = stream(7)
    for (let trial = 0; trial < 200; trial++) {
      const px = random() * 40 - 20
      const py = 100 + random() * 3 - 1
      const { positions, distances } = index.nearest(px, py, 8)
      expect(distances).toEqual(bruteForce(x, y, px, py, 8))
      expect(new Set(positions).size).toBe(8)
    }
  })

  test("gives all points where there are fewer than asked for", () => {
    const index = new GridIndex(Float32Array.of(1, 2), Float32Array.of(0, 0))
    expect(index.nearest(5, 0, 8).positions).toEqual([1, 0])
  })

  test("leaves out what is not wanted", () => {
    const [x, y] = cloud(500)
    const index = new GridIndex(x, y)
    const { positions } = index.nearest(0, 100, 20, (i) => i % 2 === 0)
    expect(positions).toHaveLength(20)
    expect(positions.every((i) => i % 2 === 0)).toBe(true)
  })

  test.each([
    ["none", [], [], 0],
    ["equal ones", [3, 3, 3], [4, 4, 4], 3],
    ["a line", [0, 1, 2, 3], [5, 5, 5, 5], 4],
  ])("copes with %s", (_name, x, y, n) => {
    const index = new GridIndex(Float32Array.from(x), Float32Array.from(y))
    expect(index.nearest(1, 1, 9).positions).toHaveLength(n)
  })
})
