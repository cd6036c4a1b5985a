import { describe, expect, it } from "vitest"
import { coordinate, keeping, moved } from "../src/space/axes"
import type { Axis } from "../src/types"

const axis = (direction: number[], origin = 0, dim: number | null = null): Axis => ({
  dim,
  name: `${direction}`,
  title: "",
  direction,
  origin,
  low: -1,
  high: 1,
  median: 0,
  unused: false,
  density: [],
})
const latent = (dim: number) => axis([], 0, dim)
const close = (found: number[], wanted: number[]) =>
  wanted.forEach((value, d) => expect(found[d]).toBeCloseTo(value, 12))

const z = [1, 2, 3]
const slanted = axis([0.6, 0.8, 0], 0.5)
const other = axis([0, 0.6, 0.8], -1)

describe("a coordinate", () => {
  it("is the number of a dimension, or the foot on a line", () => {
    expect(coordinate(latent(1), z)).toBe(2)
    expect(coordinate(slanted, z)).toBeCloseTo(0.6 + 1.6 - 0.5, 12)
  })

  it("is where the axis has been moved to", () => {
    for (const t of [-3, 0, 0.25]) {
      expect(coordinate(slanted, moved(slanted, z, t))).toBeCloseTo(t, 12)
      expect(moved(latent(2), z, t)).toEqual([1, 2, t])
    }
  })

  it("comes back, and z with it", () => {
    const there = moved(slanted, z, 7)
    close(moved(slanted, there, coordinate(slanted, z)), z)
  })

  it("moves along the direction alone", () => {
    const there = moved(slanted, z, coordinate(slanted, z) + 2)
    close(there, [1 + 1.2, 2 + 1.6, 3])
    const orthogonal = axis([-0.8, 0.6, 0])
    expect(coordinate(orthogonal, there)).toBeCloseTo(coordinate(orthogonal, z), 12)
  })
})

describe("a held axis", () => {
  it("keeps its coordinate while another one is moved to where it shall be", () => {
    const there = moved(slanted, z, 4, [other])
    expect(coordinate(slanted, there)).toBeCloseTo(4, 12)
    expect(coordinate(other, there)).toBeCloseTo(coordinate(other, z), 12)
  })

  it("holds dimensions against directions", () => {
    const there = moved(slanted, z, 4, [latent(0)])
    expect(there[0]).toBe(1)
    expect(coordinate(slanted, there)).toBeCloseTo(4, 12)
  })

  it("leaves z where nothing of the direction is free", () => {
    expect(moved(slanted, z, 4, [axis([0.6, 0.8, 0])])).toEqual(z)
    expect(moved(slanted, z, 4, [latent(0), latent(1)])).toEqual(z)
  })

  it("does not hold itself", () => {
    expect(coordinate(slanted, moved(slanted, z, 4, [slanted]))).toBeCloseTo(4, 12)
  })

  it("keeps its coordinate in a jump, and all else of the jump", () => {
    const to = [-5, 0.1, 9]
    expect(keeping(z, to, [])).toEqual(to)
    expect(keeping(z, to, [latent(1)])).toEqual([-5, 2, 9])
    const held = [slanted, other]
    const there = keeping(z, to, held)
    for (const one of held) expect(coordinate(one, there)).toBeCloseTo(coordinate(one, z), 12)
    const normal = axis([0.64, -0.48, 0.36]) // orthogonal to both
    expect(coordinate(normal, there)).toBeCloseTo(coordinate(normal, to), 12)
  })

  it("may be one of several that depend on each other", () => {
    const both = axis([0.6 / Math.SQRT2, (0.8 + 0.6) / Math.SQRT2, 0.8 / Math.SQRT2])
    const there = keeping(z, [9, 9, 9], [slanted, other, both])
    for (const one of [slanted, other]) {
      expect(coordinate(one, there)).toBeCloseTo(coordinate(one, z), 12)
    }
  })
})
