import { describe, expect, it } from "vitest"
import { History } from "../src/sliders/history"
import { classWeights, codesOf, draw, equal, home, normal, sameStyle } from "../src/space/latent"
import { toRgba } from "../src/decoding/pixels"
import { asJson, asLink, asPython } from "../src/sliders/share"
import type { LatentAxis, ModelData, Place, Prior } from "../src/types"
import { dataCodes, logDensity, percentile, rank, rms } from "../src/space/typicality"

const place = (z: number[], more: Partial<Place> = {}): Place => ({
  z,
  label: null,
  other: null,
  blend: 0,
  ...more,
})
const axis = (dim: number, more: Partial<LatentAxis> = {}): LatentAxis => ({
  dim,
  name: `z${dim + 1}`,
  title: "1.00 nats",
  direction: [],
  origin: 0,
  low: -2,
  high: 2,
  median: 0.25,
  unused: false,
  scale: 1,
  density: [],
  ...more,
})
const model = (more: Partial<ModelData> = {}): ModelData => ({
  id: "m",
  latentDim: 2,
  shape: [1, 2, 2],
  classes: [],
  axes: [axis(1), axis(0)],
  modes: [],
  unusedReason: "",
  randomHelp: "",
  prior: { kind: "standard" },
  typicality: null,
  reencoding: null,
  ...more,
})
const perClass: Prior = {
  kind: "classes",
  mean: [
    [0, 1],
    [10, 20],
  ],
  std: [
    [1, 2],
    [3, 4],
  ],
}

describe("places", () => {
  it("weigh their classes", () => {
    expect(classWeights(place([0]), 0)).toBeNull()
    expect([...(classWeights(place([0], { label: 1 }), 3) ?? [])]).toEqual([0, 1, 0])
    const blended = place([0], { label: 1, other: 2, blend: 0.25 })
    expect([...(classWeights(blended, 3) ?? [])]).toEqual([0, 0.75, 0.25])
    const same = place([0], { label: 1, other: 1, blend: 0.25 })
    expect([...(classWeights(same, 3) ?? [])]).toEqual([0, 1, 0])
  })

  it("become a batch, row by row", () => {
    const codes = codesOf([place([1, 2], { label: 0 }), place([3, 4], { label: 1 })], 2)
    expect(codes.n).toBe(2)
    expect([...codes.z]).toEqual([1, 2, 3, 4])
    expect([...(codes.y ?? [])]).toEqual([1, 0, 0, 1])
  })

  it("keep their style under another class", () => {
    expect(sameStyle({ kind: "standard" }, place([1, 2], { label: 0 }), 1)).toEqual([1, 2])
    expect(sameStyle(perClass, place([1, 3], { label: 0 }), 1)).toEqual([13, 24])
    const there = place(sameStyle(perClass, place([1, 3], { label: 0 }), 1), { label: 1 })
    expect(sameStyle(perClass, there, 0)).toEqual([1, 3])
  })

  it("have a home: the data's median, or the mean of the class's prior", () => {
    expect(home(model(), null)).toEqual([0.25, 0.25])
    expect(home(model({ prior: perClass }), 1)).toEqual([10, 20])
  })

  it("are equal if they decode to the same", () => {
    expect(equal(place([1, 2]), place([1, 2], { blend: 0.5 }))).toBe(true)
    expect(equal(place([1, 2]), place([1, 3]))).toBe(false)
    expect(equal(place([1], { label: 0 }), place([1], { label: 1 }))).toBe(false)
  })
})

describe("random", () => {
  it("draws from N(0, 1)", () => {
    let seed = 1
    const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647
    const n = 20_000
    const drawn = Array.from({ length: n }, () => normal(uniform))
    const mean = drawn.reduce((a, b) => a + b) / n
    const variance = drawn.reduce((a, b) => a + b * b) / n - mean ** 2
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
  })

  it("follows the class's prior, or draws from the pool", () => {
    const middle = () => 0 // normal() is 0 there
    expect(draw(perClass, place([5, 5], { label: 1 }), middle)).toEqual([10, 20])
    const pool: Prior = { kind: "pool", codes: [[1, 2], [3, 4]] }
    expect(draw(pool, place([0, 0]), () => 0.7)).toEqual([3, 4])
  })
})

describe("typicality", () => {
  it("ranks a value among evenly spaced quantiles", () => {
    const quantiles = [0, 1, 2, 4, 8]
    expect([-1, 0, 1, 3, 8, 9].map((v) => rank(quantiles, v))).toEqual([0, 0, 0.25, 0.625, 1, 1])
    expect(rank([2, 2, 2], 2)).toBe(0)
  })

  it("is the share of codes whose neighbours are farther away", () => {
    const rows = new Float32Array([0, 0, 0, 1, 0, 0, 2, 0, 1, 50, 50, 1])
    const data = dataCodes(rows, 2, "neighbours")
    const quantiles = [0, 1, 2, 3, 4]
    const all = model({ typicality: { kind: "neighbours", k: 2, perClass: false, quantiles: [quantiles] } })
    expect(percentile(all, place([0, 0]), data)).toBe(75) // second neighbour at distance 1
    expect(percentile(all, place([99, 99]), data)).toBe(0)
    const one = model({ typicality: { kind: "neighbours", k: 2, perClass: true, quantiles: [null, quantiles] } })
    expect(percentile(one, place([0, 0], { label: 0 }), data)).toBeNull()
    expect(percentile(one, place([49, 50], { label: 1 }), data)).toBe(0)
  })

  it("is the density of the aggregate posterior for a VAE", () => {
    const data = dataCodes(new Float32Array([0, 0, -1, 3, Math.log(4), -1]), 1, "posterior")
    const normal = (x: number, mean: number, std: number) =>
      Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI))
    for (const z of [-2, 0, 5]) {
      const expected = Math.log((normal(z, 0, 1) + normal(z, 3, 2)) / 2)
      expect(logDensity([z], data, null)).toBeCloseTo(expected, 6)
    }
  })

  it("measures over the used dimensions, in their standard deviations", () => {
    const m = model({ axes: [axis(0, { scale: 2 }), axis(1, { unused: true })] })
    expect(rms(m, [4, 7], [0, 0])).toBe(2)
  })
})

describe("what is taken along", () => {
  const digits = model({ classes: ["zero", "one"] })
  const here = place([0.123456, -1], { label: 1, other: 0, blend: 0.25 })

  it("is JSON, Python, or a link", () => {
    expect(JSON.parse(asJson(digits, here))).toEqual({
      model: "m",
      z: [0.1235, -1],
      class: "one",
      blend: { with: "zero", share: 0.25 },
    })
    expect(asPython(digits, here)).toContain("z = torch.tensor([[0.1235,-1]])")
    const url = new URL(asLink(digits, here, "latent", "http://x/lab/sliders?model=other&z=9#top"))
    expect(url.pathname).toBe("/lab/sliders")
    expect(Object.fromEntries(url.searchParams)).toEqual({
      model: "m",
      z: "0.1235,-1",
      class: "one",
      blend: "zero,0.25",
    })
    const weights = "0123456789ab" + "c".repeat(52)
    const exact = new URL(asLink({ ...digits, weights }, here, "latent", "http://x/sliders"))
    expect(exact.searchParams.get("weights")).toBe("0123456789ab")
    const classes = new URL(asLink(digits, here, "classes", "http://x/sliders"))
    expect(classes.searchParams.get("axes")).toBe("classes")
  })
})

it("undoes and redoes, and forgets the future after a new step", () => {
  const history = new History(0, (a, b) => a === b)
  for (const value of [1, 1, 2]) history.record(value)
  expect([history.undo(), history.undo(), history.undo()]).toEqual([1, 0, null])
  expect([history.redo(), history.canRedo]).toEqual([1, true])
  history.record(5)
  expect([history.redo(), history.undo()]).toEqual([null, 1])
})

it("turns grey and colour into RGBA", () => {
  expect([...toRgba([0, 0.5], 1, [1, 1, 2])]).toEqual([0, 0, 0, 255, 128, 128, 128, 255])
  expect([...toRgba([1, 2, 3], 1, [3, 1, 1], 1)]).toEqual([1, 2, 3, 255])
})
