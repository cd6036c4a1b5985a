import { describe, expect, it } from "vitest"
import { cover, distance } from "../../src/draw/brush"
import { bestRow, weightsOf } from "../../src/draw/classes"
import { Drawing } from "../../src/draw/drawing"

const SIZE = { width: 12, height: 10 }
const grey = () => new Drawing([1, 10, 12], [0])
const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0)

describe("the pen", () => {
  it("covers as much as it is wide and long", () => {
    const mask = new Float32Array(120)
    cover(mask, SIZE, [3, 5], [9, 5], 2)
    expect(sum(mask)).toBeCloseTo(6 * 2 + Math.PI, 0)
    expect(Math.max(...mask)).toBeLessThanOrEqual(1)
  })

  it("has a soft edge, the same on both sides", () => {
    const mask = new Float32Array(120)
    cover(mask, SIZE, [0, 5], [12, 5], 2)
    const column = Array.from({ length: 10 }, (_, y) => mask[y * 12 + 6]!)
    expect(column).toEqual([...column].reverse())
    cover(mask.fill(0), SIZE, [0, 5.5], [12, 5.5], 2)
    const between = mask[4 * 12 + 6]!
    expect(between).toBeGreaterThan(0)
    expect(between).toBeLessThan(1)
  })

  it("leaves nothing outside the canvas, and a point is a disc", () => {
    const mask = new Float32Array(120)
    cover(mask, SIZE, [-5, -5], [-4, -5], 2)
    expect(sum(mask)).toBe(0)
    cover(mask, SIZE, [6, 5], [6, 5], 4)
    expect(sum(mask)).toBeCloseTo(Math.PI * 4, 0)
    expect(distance([3, 4], [0, 0], [0, 0])).toBe(5)
  })
})

describe("a drawing", () => {
  it("takes a stroke back and brings it again, bit by bit the same", () => {
    const drawing = grey()
    const empty = drawing.pixels.slice()
    drawing.begin([2, 2], [1], 2)
    drawing.extend([8, 8])
    drawing.end()
    const drawn = drawing.pixels.slice()
    expect(sum(drawn)).toBeGreaterThan(5)
    drawing.undo()
    expect(drawing.pixels).toEqual(empty)
    expect([drawing.canUndo, drawing.canRedo, drawing.isEmpty]).toEqual([false, true, true])
    drawing.redo()
    expect(drawing.pixels).toEqual(drawn)
    drawing.clear()
    expect(drawing.isEmpty).toBe(true)
    drawing.undo()
    expect(drawing.pixels).toEqual(drawn)
  })

  it("does not grow darker where a stroke crosses itself", () => {
    const drawing = grey()
    drawing.begin([2, 5], [0.6], 2)
    drawing.extend([10, 5])
    drawing.extend([2, 5])
    expect(Math.max(...drawing.pixels)).toBeCloseTo(0.6, 6)
  })

  it("lays a colour over what was there, and erases to the ground", () => {
    const drawing = new Drawing([3, 10, 12], [1, 1, 1])
    drawing.begin([6, 5], [1, 0, 0], 6)
    drawing.end()
    const at = 5 * 12 + 6
    expect([0, 1, 2].map((c) => drawing.pixels[c * 120 + at])).toEqual([1, 0, 0])
    drawing.begin([6, 5], [1, 1, 1], 12)
    drawing.end()
    expect([0, 1, 2].map((c) => drawing.pixels[c * 120 + at])).toEqual([1, 1, 1])
  })

  it("is centred by its mass without loss", () => {
    const drawing = grey()
    drawing.begin([2, 2], [1], 2)
    drawing.end()
    const mass = sum(drawing.pixels)
    drawing.centre()
    expect(sum(drawing.pixels)).toBeCloseTo(mass, 5)
    expect(drawing.pixels[5 * 12 + 6]).toBeGreaterThan(0.5)
    drawing.undo()
    expect(drawing.pixels[2 * 12 + 2]).toBeGreaterThan(0.5)
  })

  it("survives as bytes", () => {
    const drawing = grey()
    drawing.begin([4, 4], [1], 3)
    drawing.end()
    const again = grey()
    again.restore(drawing.bytes())
    expect(again.bytes()).toEqual(drawing.bytes())
    again.restore(new Uint8Array(5))
    expect(again.bytes()).toEqual(drawing.bytes())
  })
})

describe("classes", () => {
  it("are all asked for, or the chosen one alone", () => {
    expect(weightsOf(0, null)).toBeNull()
    expect([...weightsOf(2, null)!]).toEqual([1, 0, 0, 1])
    expect([...weightsOf(3, 1)!]).toEqual([0, 1, 0])
  })

  const standard = { kind: "standard" } as const
  const seen = (x: number[], mean: number[], std: number[] | null, pixelStd: number[] | null = null) => ({
    mean: Float32Array.from(mean),
    std: std && Float32Array.from(std),
    x: Float32Array.from(x),
    pixelStd: pixelStd && Float32Array.from(pixelStd),
  })

  it("without a likelihood in the page the least squared error counts", () => {
    const found = seen([1, 0, 0, 0.9, 0.4, 0.4], [0, 0, 0], [1, 1, 1])
    const terms = { likelihood: "gaussian", prior: standard }
    expect(bestRow(Float32Array.of(0, 1), found, terms)).toEqual({ row: 1, elbo: null })
  })

  it("a Bernoulli's ELBO is its log p(x|z) less the KL from the class's own prior", () => {
    const x = Float32Array.of(0, 1)
    const prior = { kind: "classes" as const, mean: [[2], [0]], std: [[0.5], [1]] }
    const found = seen([0.2, 0.8, 0.1, 0.9], [2, 2], [0.5, 0.5])
    const { row, elbo } = bestRow(x, found, { likelihood: "bernoulli", prior })
    expect(row).toBe(0) // its picture is the worse one, its code what the prior expects
    expect(elbo).toBeCloseTo(2 * Math.log(0.8), 5)
    expect(bestRow(x, found, { likelihood: "bernoulli", prior: standard }).row).toBe(1)
  })

  it("a Gaussian's ELBO weighs an error by the pixel's standard deviation", () => {
    const found = seen([0.5, 0.6], [0, 0], [1, 1], [0.01, 0.6])
    expect(bestRow(Float32Array.of(0.4), found, { likelihood: "gaussian", prior: standard }).row).toBe(1)
  })
})
