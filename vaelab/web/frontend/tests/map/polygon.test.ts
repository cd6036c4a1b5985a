import { describe, expect, test } from "vitest"
import { pointsInside, polygonOf } from "../../src/map/polygon"
import { stream } from "./stream"

const random = stream(3)
const x = Float32Array.from({ length: 5000 }, () => random() * 4 - 2)
const y = Float32Array.from({ length: 5000 }, () => random() * 4 - 2)

function expected(wanted: (px: number, py: number) => boolean): number[] {
  return [...x.keys()].filter((i) => wanted(x[i]!, y[i]!))
}

describe("pointsInside", () => {
  test("a box holds what lies between its sides", () => {
    const box = polygonOf([[-1, -0.5], [1, -0.5], [1, 1.5], [-1, 1.5]])
    const inside = expected((px, py) => px > -1 && px < 1 && py > -0.5 && py < 1.5)
    expect([...pointsInside(box, x, y)]).toEqual(inside)
  })

  test("a polygon of many corners is close to its circle", () => {
    const corners = Array.from({ length: 720 }, (_, i) => {
      const angle = (i / 720) * 2 * Math.PI
      return [Math.cos(angle), Math.sin(angle)] as const
    })
    const found = new Set(pointsInside(polygonOf(corners), x, y))
    for (let i = 0; i < x.length; i++) {
      const radius = Math.hypot(x[i]!, y[i]!)
      if (Math.abs(radius - 1) > 1e-4) expect(found.has(i)).toBe(radius < 1)
    }
  })

  test("a notch is outside", () => {
    const notched = polygonOf([[-1, -1], [1, -1], [1, 1], [0, -0.5], [-1, 1]])
    const found = pointsInside(notched, Float32Array.of(0, -0.9, 0.9), Float32Array.of(0, 0, 0))
    expect([...found]).toEqual([1, 2])
  })

  test("classes that are switched off are left out", () => {
    const label = Uint16Array.from(x, (_, i) => i % 3)
    const all = polygonOf([[-9, -9], [9, -9], [9, 9], [-9, 9]])
    const found = pointsInside(all, x, y, label, [true, false, true])
    expect(found).toHaveLength(expected(() => true).filter((i) => i % 3 !== 1).length)
    expect(found.every((i) => i % 3 !== 1)).toBe(true)
  })

  test("no area holds no point", () => {
    expect(pointsInside(polygonOf([]), x, y)).toHaveLength(0)
    expect(pointsInside(polygonOf([[0, 0], [1, 1]]), x, y)).toHaveLength(0)
    expect(pointsInside(polygonOf([[0, 0], [1, 0], [2, 0]]), x, y)).toHaveLength(0)
  })
})
