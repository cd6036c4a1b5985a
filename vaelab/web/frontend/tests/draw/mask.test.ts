import { describe, expect, it } from "vitest"
import { Drawing } from "../../src/draw/drawing"
import { cover } from "../../src/draw/mask"

const mask = () => new Drawing([1, 10, 12], [0], true)
const hidden = (drawing: Drawing) => drawing.pixels.reduce((sum, value) => sum + value, 0)

describe("a mask", () => {
  it("holds whole pixels, however often a stroke goes over them", () => {
    const painted = mask()
    for (let i = 0; i < 5; i++) {
      painted.begin([2.3, 4.1], [1], 3)
      painted.extend([9.7, 6.2])
      painted.end()
      expect(new Set(painted.pixels)).toEqual(new Set([0, 1]))
    }
    const often = painted.pixels
    for (let i = 0; i < 4; i++) painted.undo()
    expect(painted.pixels).toEqual(often)
  })

  it("hides a pixel wherever the narrowest pen is put down", () => {
    for (const at of [[5, 5], [5.5, 5], [5.5, 5.5], [0, 0], [11.99, 9.99]] as const) {
      const painted = mask()
      painted.begin(at, [1], 1.5)
      expect(hidden(painted)).toBeGreaterThan(0)
    }
  })

  it("is uncovered where the pen shows, and inverted there and back", () => {
    const painted = mask()
    painted.begin([6, 5], [1], 8)
    painted.end()
    const before = painted.pixels
    painted.begin([6, 5], [0], 4)
    painted.end()
    expect(hidden(painted)).toBeLessThan(before.reduce((sum, value) => sum + value, 0))
    const shown = painted.pixels
    painted.invert()
    expect(hidden(painted)).toBe(120 - shown.reduce((sum, value) => sum + value, 0))
    painted.undo()
    expect(painted.pixels).toEqual(shown)
  })

  it("goes to Python and back bit by bit", () => {
    const painted = mask()
    painted.begin([3, 3], [1], 4)
    const again = mask()
    again.restore(painted.bytes())
    expect(again.pixels).toEqual(painted.pixels)
  })

  it("covers hidden pixels alone", () => {
    const rgba = cover([10, 200], [0, 1], { shape: [1, 1, 2], cover: [1, 0, 0] })
    expect([...rgba.slice(0, 4)]).toEqual([10, 10, 10, 255])
    expect(rgba[4]).toBeGreaterThan(200)
    expect(rgba[5]).toBeLessThan(100)
    expect(rgba[7]).toBe(255)
  })
})
