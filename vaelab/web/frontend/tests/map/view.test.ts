import { describe, expect, test } from "vitest"
import { boxOf, unitOf, View } from "../../src/map/view"

function view(): View {
  const made = new View({ low: [-2, -1], high: [6, 1] })
  made.resize(800, 400)
  made.reset()
  return made
}

describe("View", () => {
  test("shows the whole box, with one scale for both axes", () => {
    const shown = view().visible()
    expect(shown.low[0]).toBeLessThan(-2)
    expect(shown.high[0]).toBeGreaterThan(6)
    expect(shown.high[0] - shown.low[0]).toBeCloseTo(2 * (shown.high[1] - shown.low[1]))
  })

  test("up on the plane is up on the screen, and there is a way back", () => {
    const made = view()
    expect(made.toScreen(0, 1)[1]).toBeLessThan(made.toScreen(0, 0)[1])
    const [x, y] = made.toPlane(...made.toScreen(1.5, -0.25))
    expect(x).toBeCloseTo(1.5)
    expect(y).toBeCloseTo(-0.25)
  })

  test("zooming leaves what is under the pointer there, and has limits", () => {
    const made = view()
    const before = made.toPlane(100, 300)
    expect(made.zoomAt(100, 300, 3)).toBe(true)
    made.toPlane(100, 300).forEach((value, d) => expect(value).toBeCloseTo(before[d]!))
    expect(made.zoom).toBeCloseTo(3)
    while (made.zoomAt(0, 0, 0.5));
    expect(made.zoomAt(0, 0, 0.5)).toBe(false)
  })

  test("panning and another size keep the zoom", () => {
    const made = view()
    made.zoomAt(400, 200, 4)
    const [px, py] = made.toScreen(1, 0)
    made.pan(10, -5)
    expect(made.toScreen(1, 0)[0]).toBeCloseTo(px + 10)
    expect(made.toScreen(1, 0)[1]).toBeCloseTo(py - 5)
    made.resize(500, 500)
    expect(made.zoom).toBeCloseTo(4)
  })

  test("the card's camera puts points where the screen has them", () => {
    const made = view()
    made.zoomAt(120, 50, 2.5)
    const unit = unitOf({ low: [-2, -1], high: [6, 1] })
    const m = made.camera(unit)
    const [ux, uy] = [(1.5 - unit.centre[0]) / unit.radius, (0.5 - unit.centre[1]) / unit.radius]
    const clip = [(m[0]! * ux + m[12]!) / (800 / 400), m[5]! * uy + m[13]!]
    const [px, py] = made.toScreen(1.5, 0.5)
    expect(((clip[0]! + 1) / 2) * 800).toBeCloseTo(px, 2)
    expect(((1 - clip[1]!) / 2) * 400).toBeCloseTo(py, 2)
  })
})

test("a few points far out do not make the box wider", () => {
  const x = Float32Array.from({ length: 10_000 }, (_, i) => i / 10_000)
  x[0] = 1e6
  x[1] = -1e6
  const { low, high } = boxOf(x, new Float32Array(10_000))
  expect(low[0]).toBeGreaterThanOrEqual(0)
  expect(high[0]).toBeLessThanOrEqual(1)
  expect(boxOf(new Float32Array(), new Float32Array()).low).toEqual([-1, -1])
})
