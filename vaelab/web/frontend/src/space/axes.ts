/** The arithmetic of sliders that move z along directions. */
import type { Axis } from "../types"

export const LATENT = "latent" // the mode in which each slider is a latent dimension
const BLOCKED = 1e-2 // squared length of what held axes leave of a direction: below it, nothing

/** Where z stands along an axis. */
export function coordinate(axis: Axis, z: readonly number[]): number {
  return axis.dim === null ? dot(axis.direction, z) - axis.origin : (z[axis.dim] ?? 0)
}

/**
 * z moved along an axis to the coordinate t, while the coordinates along `held` stay as they are.
 *
 * The step is what is left of the direction off the span of the held ones. Where hardly anything is
 * left, z stays.
 */
export function moved(
  axis: Axis,
  z: readonly number[],
  t: number,
  held: readonly Axis[] = [],
): number[] {
  const others = held.filter((one) => one !== axis)
  if (axis.dim !== null && others.every((one) => one.dim !== null)) return z.with(axis.dim, t)
  const unit = vector(axis, z.length)
  const step = off(unit, basis(others, z.length))
  const gain = dot(unit, step)
  if (gain < BLOCKED) return [...z]
  const length = (t - coordinate(axis, z)) / gain
  return z.map((value, d) => value + length * (step[d] ?? 0))
}

/** `to`, except that coordinates along `held` are those of `from`. */
export function keeping(
  from: readonly number[],
  to: readonly number[],
  held: readonly Axis[],
): number[] {
  const step = to.map((value, d) => value - (from[d] ?? 0))
  const free = off(step, basis(held, from.length))
  const kept = to.map((value, d) => value - ((step[d] ?? 0) - (free[d] ?? 0)))
  for (const { dim } of held) if (dim !== null) kept[dim] = from[dim] ?? 0 // to the last digit
  return kept
}

function vector(axis: Axis, k: number): number[] {
  return axis.dim === null ? axis.direction : new Array<number>(k).fill(0).with(axis.dim, 1)
}

/** An orthonormal basis of the span (Gram and Schmidt). */
function basis(axes: readonly Axis[], k: number): number[][] {
  const found: number[][] = []
  for (const axis of axes) {
    const left = off(vector(axis, k), found)
    const length = Math.sqrt(dot(left, left))
    if (length > 1e-6) found.push(left.map((value) => value / length))
  }
  return found
}

/** What of a vector is orthogonal to an orthonormal basis. */
function off(vector: readonly number[], orthonormal: readonly number[][]): number[] {
  let left = [...vector]
  for (const unit of orthonormal) {
    const along = dot(left, unit)
    left = left.map((value, d) => value - along * (unit[d] ?? 0))
  }
  return left
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0)
  return sum
}
