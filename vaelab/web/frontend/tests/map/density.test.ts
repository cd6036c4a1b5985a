import { describe, expect, test } from "vitest"
import { contour, densityOf, type Field, levelsFor } from "../../src/map/density"
import { stream } from "./stream"

/** A cone around (0, 0) over [-1, 1] x [-1, 1]: height 1 - radius. */
function cone(cells: number): Field {
  const step = 2 / (cells - 1)
  const values = Float32Array.from({ length: cells * cells }, (_, i) => {
    const [column, row] = [i % cells, Math.floor(i / cells)]
    return 1 - Math.hypot(column * step - 1, row * step - 1)
  })
  return { columns: cells, rows: cells, values, origin: [-1, -1], step: [step, step] }
}

describe("contour", () => {
  test("a cone's level is a circle", () => {
    const segments = contour(cone(101), 0.4)
    let length = 0
    for (let i = 0; i < segments.length; i += 4) {
      const [x1, y1, x2, y2] = segments.subarray(i, i + 4) as unknown as [number, number, number, number]
      expect(Math.hypot(x1, y1)).toBeCloseTo(0.6, 3)
      length += Math.hypot(x2 - x1, y2 - y1)
    }
    expect(length).toBeCloseTo(2 * Math.PI * 0.6, 2)
  })

  test("a saddle is crossed by two lines and an even field by none", () => {
    const saddle: Field = {
      columns: 2, rows: 2, values: Float32Array.of(1, 0, 0, 1), origin: [0, 0], step: [1, 1],
    }
    expect(contour(saddle, 0.5)).toHaveLength(8)
    expect(contour({ ...saddle, values: new Float32Array(4) }, 0.5)).toHaveLength(0)
  })
})

describe("densityOf", () => {
  const random = stream(5)
  const x = Float32Array.from({ length: 20_000 }, () => random() + random() + random() - 1.5)
  const y = Float32Array.from({ length: 20_000 }, () => random() + random() + random() - 1.5)
  const box = { low: [-3, -3] as [number, number], high: [3, 3] as [number, number] }

  test("counts every point in the box once", () => {
    const { values } = densityOf(x, y, box)
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(20_000, -1)
    const half = densityOf(x, y, box, 96, (i) => i % 2 === 0).values
    expect(half.reduce((sum, value) => sum + value, 0)).toBeCloseTo(10_000, -1)
  })

  test("a contour holds its share of the points", () => {
    const field = densityOf(x, y, box)
    for (const share of [0.25, 0.5, 0.9]) {
      const [level] = levelsFor(field, [share])
      let inside = 0
      for (let i = 0; i < x.length; i++) {
        const column = Math.floor((x[i]! - box.low[0]) / field.step[0])
        const row = Math.floor((y[i]! - box.low[1]) / field.step[1])
        if (field.values[row * field.columns + column]! >= level!) inside++
      }
      expect(inside / x.length).toBeCloseTo(share, 1)
    }
  })
})
