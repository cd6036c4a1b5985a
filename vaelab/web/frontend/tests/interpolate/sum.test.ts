import { expect, it } from "vitest"
import { labelOfSum, sumOf } from "../../src/interpolate/sum"

const frame = (z: number[], label: number | null) => ({ z, label, source: "", row: null })

it("takes B away and gives C back", () => {
  const [a, b, c] = [frame([1, 2], 3), frame([0.5, 1], 3), frame([10, 20], 7)]
  expect(sumOf(a, b, c)).toEqual([10.5, 21])
  expect(sumOf(a, b, b)).toEqual(a.z)
  expect(sumOf(a, a, c)).toEqual(c.z)
})

it("has the class that is left", () => {
  const [three, seven, nine] = [3, 7, 9].map((label) => frame([], label)) as [any, any, any]
  expect(labelOfSum(three, three, seven)).toBe(7)
  expect(labelOfSum(three, seven, seven)).toBe(3)
  expect(labelOfSum(three, seven, nine)).toBe(3)
  expect(labelOfSum(frame([], null), frame([], null), frame([], null))).toBeNull()
})
