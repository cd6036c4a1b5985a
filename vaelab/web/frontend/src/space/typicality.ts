/** How likely a code is under the data, measured by its distance to the data's own codes. */
import type { ModelData, Place } from "../types"

/** Codes of the data, row by row: mean, for a VAE log_var, and last the class (-1 without). */
export interface DataCodes {
  rows: Float32Array
  width: number
  /** exp(-log_var), row by row, and the sum of a row's log_var: worked out once. */
  precision: Float32Array
  volume: Float32Array
}

/** Rows as they come from the server, ready to be measured against. */
export function dataCodes(rows: Float32Array, k: number, kind: "posterior" | "neighbours"): DataCodes {
  if (kind === "neighbours") {
    return { rows, width: k + 1, precision: new Float32Array(), volume: new Float32Array() }
  }
  const width = 2 * k + 1
  const n = rows.length / width
  const [precision, volume] = [new Float32Array(n * k), new Float32Array(n)]
  for (let m = 0; m < n; m++) {
    for (let d = 0; d < k; d++) {
      const logVar = rows[m * width + k + d] ?? 0
      precision[m * k + d] = Math.exp(-logVar)
      volume[m] = (volume[m] ?? 0) + logVar
    }
  }
  return { rows, width, precision, volume }
}

/**
 * Percentage of the data that is stranger than z.
 *
 * For a VAE: of draws from the aggregate posterior q(z), the mean of the q(z|x_n), those with a
 * lower density. For an autoencoder: of the data's codes, those whose k-th neighbour is farther
 * away, over the used dimensions in standard deviations. With a prior per class only codes of z's
 * class count. Null where it is not defined.
 */
export function percentile(model: ModelData, place: Place, data: DataCodes): number | null {
  const about = model.typicality
  if (!about) return null
  const label = about.perClass ? heavier(place) : null
  const quantiles = about.quantiles[label ?? 0]
  if (!quantiles?.length) return null
  const strangeness =
    about.kind === "posterior"
      ? -logDensity(place.z, data, label)
      : kthDistance(model, place.z, data, about.k, label)
  return 100 * (1 - rank(quantiles, strangeness))
}

/** log q(z) = log 1/M sum_m N(z; mean_m, exp(log_var_m)), nats. */
export function logDensity(z: number[], data: DataCodes, label: number | null): number {
  const { rows, width, precision, volume } = data
  const k = z.length
  let [top, sum, count] = [-Infinity, 0, 0]
  for (let m = 0; m < volume.length; m++) {
    const start = m * width
    if (label !== null && rows[start + width - 1] !== label) continue
    let square = volume[m] ?? 0
    for (let d = 0; d < k; d++) {
      const step = (z[d] ?? 0) - (rows[start + d] ?? 0)
      square += step * step * (precision[m * k + d] ?? 0)
    }
    const term = -0.5 * square
    if (term > top) {
      sum = sum * Math.exp(top - term) + 1
      top = term
    } else sum += Math.exp(term - top)
    count++
  }
  return top + Math.log(sum / count) - 0.5 * k * Math.log(2 * Math.PI)
}

/** Share of a distribution, given by its evenly spaced quantiles, that lies below `value`. */
export function rank(quantiles: number[], value: number): number {
  const last = quantiles.length - 1
  if (value <= (quantiles[0] ?? 0)) return 0
  for (let i = 1; i <= last; i++) {
    const [low, high] = [quantiles[i - 1] ?? 0, quantiles[i] ?? 0]
    if (value <= high) return (i - 1 + (high > low ? (value - low) / (high - low) : 0)) / last
  }
  return 1
}

function heavier(place: Place): number | null {
  return place.other !== null && place.blend > 0.5 ? place.other : place.label
}

function kthDistance(
  model: ModelData,
  z: number[],
  { rows, width }: DataCodes,
  k: number,
  label: number | null,
): number {
  const used = model.axes.filter((axis) => !axis.unused)
  const nearest: number[] = new Array<number>(k).fill(Infinity) // sorted, squared
  for (let start = 0; start < rows.length; start += width) {
    if (label !== null && rows[start + width - 1] !== label) continue
    let sum = 0
    for (const { dim, scale } of used) {
      const step = ((rows[start + dim] ?? 0) - (z[dim] ?? 0)) / scale
      sum += step * step
    }
    if (sum >= (nearest[k - 1] ?? 0)) continue
    let i = k - 1
    for (; i > 0 && (nearest[i - 1] ?? 0) > sum; i--) nearest[i] = nearest[i - 1] ?? 0
    nearest[i] = sum
  }
  return Math.sqrt(nearest[k - 1] ?? Infinity)
}

/** Root mean square over the used dimensions of (a - b), in the data's standard deviations. */
export function rms(model: ModelData, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const used = model.axes.filter((axis) => !axis.unused)
  const squares = used.map(({ dim, scale }) => (((a[dim] ?? 0) - (b[dim] ?? 0)) / scale) ** 2)
  return Math.sqrt(squares.reduce((x, y) => x + y, 0) / Math.max(1, used.length))
}
