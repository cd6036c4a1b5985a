/** Under which class a drawing is seen: one that is chosen, or that which fits best. */

export const MOST_AT_ONCE = 24

/** Rows of class weights: of the chosen class alone, or of every class. */
export function weightsOf(n: number, chosen: number | null): Float32Array | null {
  if (!n) return null
  const rows = chosen === null ? n : 1
  const weights = new Float32Array(rows * n)
  for (let i = 0; i < rows; i++) weights[i * n + (chosen ?? i)] = 1
  return weights
}

/** The row of `pictures` (n x size) with the least squared error to x. */
export function nearestRow(x: Float32Array, pictures: Float32Array): number {
  const n = pictures.length / x.length
  let [best, least] = [0, Infinity]
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let p = 0; p < x.length; p++) sum += (pictures[i * x.length + p]! - x[p]!) ** 2
    if (sum < least) [best, least] = [i, sum]
  }
  return best
}
