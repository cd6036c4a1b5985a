/** Under which class a drawing is seen: one that is chosen, or that which fits best. */
import type { Prior } from "../types"

export const MOST_AT_ONCE = 24
const NEAR = 1e-6 // probabilities of a Bernoulli stay this far from 0 and 1

/** What an ELBO is of, beside the drawing: Python's `model.prior` and its likelihood's name. */
export interface Terms {
  likelihood: string
  prior: Prior
}

/** n posteriors, and what the decoder makes of their means. */
export interface Seen {
  /** n x K. */
  mean: Float32Array
  /** n x K; null for an autoencoder. */
  std: Float32Array | null
  /** The decoder's means, n x pixels. */
  x: Float32Array
  /** The likelihood's standard deviations, n x pixels, where it has them. */
  pixelStd: Float32Array | null
}

/** Rows of class weights: of the chosen class alone, or of every class. */
export function weightsOf(n: number, chosen: number | null): Float32Array | null {
  if (!n) return null
  const rows = chosen === null ? n : 1
  const weights = new Float32Array(rows * n)
  for (let i = 0; i < rows; i++) weights[i * n + (chosen ?? i)] = 1
  return weights
}

/**
 * The row with the highest ELBO at its posterior's mean, log p(x|z=mu,c) - KL[q(z|x,c) || p(z|c)];
 * where the page does not know the terms, the one with the least squared error (`elbo` null).
 */
export function bestRow(x: Float32Array, seen: Seen, terms: Terms): { row: number; elbo: number | null } {
  const n = seen.x.length / x.length
  const known = Boolean(seen.std) && (terms.likelihood === "bernoulli" || seen.pixelStd !== null)
  let [row, most] = [0, -Infinity]
  for (let i = 0; i < n; i++) {
    const value = known ? fit(x, seen, i, terms.likelihood) - rate(seen, i, n, terms.prior) : -squared(x, seen.x, i)
    if (value > most) [row, most] = [i, value]
  }
  return { row, elbo: known ? most : null }
}

/** log p(x|z) in nats, up to what is the same for every row. */
function fit(x: Float32Array, seen: Seen, row: number, likelihood: string): number {
  let sum = 0
  for (let p = 0; p < x.length; p++) {
    const i = row * x.length + p
    const [value, mean] = [x[p]!, seen.x[i]!]
    if (likelihood === "bernoulli") {
      const share = Math.min(1 - NEAR, Math.max(NEAR, mean))
      sum += value * Math.log(share) + (1 - value) * Math.log(1 - share)
    } else {
      const std = seen.pixelStd![i]!
      sum -= 0.5 * ((value - mean) / std) ** 2 + Math.log(std)
    }
  }
  return sum
}

/** KL of row i's diagonal Gaussian from class i's prior, nats. */
function rate({ mean, std }: Seen, row: number, n: number, prior: Prior): number {
  const k = mean.length / n
  let sum = 0
  for (let d = 0; d < k; d++) {
    const [m, s] = [mean[row * k + d]!, std![row * k + d]!]
    const own = prior.kind === "classes"
    const [pm, ps] = own ? [prior.mean[row]![d]!, prior.std[row]![d]!] : [0, 1]
    sum += Math.log(ps / s) + (s * s + (m - pm) ** 2) / (2 * ps * ps) - 0.5
  }
  return sum
}

function squared(x: Float32Array, pictures: Float32Array, row: number): number {
  return x.reduce((sum, value, p) => sum + (pictures[row * x.length + p]! - value) ** 2, 0)
}
