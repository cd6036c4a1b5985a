/** Arithmetic of pictures: A - B + C. */
import type { Frame } from "./data"

/** The code of a - b + c. */
export function sumOf(a: Frame, b: Frame, c: Frame): number[] {
  return a.z.map((value, d) => value - (b.z[d] ?? 0) + (c.z[d] ?? 0))
}

/**
 * The class it is decoded under: as weights a - b + c is one class where b takes one of the others
 * away; where it is none, A's.
 */
export function labelOfSum(a: Frame, b: Frame, c: Frame): number | null {
  if (b.label === a.label) return c.label
  return a.label
}
