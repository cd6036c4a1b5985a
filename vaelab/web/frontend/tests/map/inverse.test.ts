import { describe, expect, test } from "vitest"
import type { Inverse } from "../../src/map/columns"
import { anchorsOf, codeAt, meanCode, placesOf } from "../../src/map/inverse"
import { stream } from "./stream"

const K = 4
const N = 300
const random = stream(11)
const codes = Float32Array.from({ length: N * K }, () => random() * 2 - 1)
const s = Math.SQRT1_2
const affine: Inverse = {
  kind: "affine",
  origin: [0.1, -0.2, 0.3, 0],
  axes: [[s, s, 0, 0], [0, 0, s, -s]],
}

function code(i: number): number[] {
  return [...codes.subarray(i * K, (i + 1) * K)]
}

describe("affine", () => {
  const [x, y] = placesOf(codes, affine)
  const anchors = anchorsOf(x, y, codes)

  test("a drawn point's place gives back its own code", () => {
    for (let i = 0; i < N; i++) {
      const { z, nearest } = codeAt([x[i]!, y[i]!], affine, anchors, 0.5)
      expect(nearest).toBe(i)
      z.forEach((value, d) => expect(value).toBeCloseTo(code(i)[d]!, 5))
    }
  })

  test("a code always lies where it was asked for", () => {
    for (const place of [[0.2, 0.3], [5, -4]] as const) {
      const { z, fidelity } = codeAt(place, affine, anchors, 0.5)
      const [px, py] = placesOf(z, affine)
      expect(px[0]).toBeCloseTo(place[0], 5)
      expect(py[0]).toBeCloseTo(place[1], 5)
      expect(fidelity).toEqual({ kind: "plane", share: 0.5 })
    }
  })

  test("nothing is added where the plane is all there is", () => {
    const plane: Inverse = { kind: "affine", origin: [0, 0], axes: [[1, 0], [0, 1]] }
    const two = anchorsOf(Float32Array.of(1), Float32Array.of(1), Float32Array.of(1, 1))
    const { z, fidelity } = codeAt([0.25, -2], plane, two, 1)
    expect([...z]).toEqual([0.25, -2])
    expect(fidelity).toEqual({ kind: "exact" })
  })
})

describe("neighbours", () => {
  const x = Float32Array.from({ length: N }, () => random())
  const y = Float32Array.from({ length: N }, () => random())
  const guess: Inverse = { kind: "neighbours" }

  test("on a point it is the point's code, with no doubt", () => {
    const anchors = anchorsOf(x, y, codes)
    const { z, fidelity } = codeAt([x[7]!, y[7]!], guess, anchors, 0)
    z.forEach((value, d) => expect(value).toBeCloseTo(code(7)[d]!, 3))
    expect(fidelity.kind === "guess" && fidelity.error).toBeLessThan(0.01)
  })

  test("it changes little over a small step, also where a neighbour comes or goes", () => {
    const anchors = anchorsOf(x, y, codes)
    let before = codeAt([0.2, 0.5], guess, anchors, 0).z
    for (let step = 1; step <= 3000; step++) {
      const { z } = codeAt([0.2 + step * 2e-4, 0.5], guess, anchors, 0)
      expect(Math.hypot(...z.map((value, d) => value - before[d]!))).toBeLessThan(0.06)
      before = z
    }
  })

  test("between points it is among them, and unrelated neighbours are as far as the data", () => {
    const anchors = anchorsOf(x, y, codes)
    const { z, fidelity } = codeAt([0.5, 0.5], guess, anchors, 0)
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(1)
    expect(fidelity.kind === "guess" && fidelity.error).toBeGreaterThan(0.3)
  })

  test("neighbours that agree leave no doubt", () => {
    const same = Float32Array.from({ length: N * K }, (_, i) => (i < 200 * K ? (i % K) / 10 : 5))
    const left = Float32Array.from(x, (value, i) => (i < 200 ? value : value + 100))
    const { z, fidelity } = codeAt([0.5, 0.5], guess, anchorsOf(left, y, same), 0)
    z.forEach((value, d) => expect(value).toBeCloseTo(d / 10, 5))
    expect(fidelity.kind === "guess" && fidelity.error).toBeCloseTo(0, 4)
  })
})

test("the mean of some codes", () => {
  const mean = meanCode(codes, K, [1, 3])
  mean.forEach((value, d) => expect(value).toBeCloseTo((code(1)[d]! + code(3)[d]!) / 2, 6))
})
