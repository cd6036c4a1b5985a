/** From a place on the map back to a code, and how far that can be believed. */
import type { Inverse } from "./columns"
import { GridIndex } from "./grid_index"

export const NEIGHBOURS = 15
const EXACT = 0.999 // share of the variance above which nothing is left beside the plane

/** Codes of drawn points with their places: what a place is compared with. */
export interface Anchors {
  x: Float32Array
  y: Float32Array
  /** n x K. */
  codes: Float32Array
  index: GridIndex
  /** Root mean square distance of the codes to their mean. */
  spread: number
}

export interface Guess {
  z: Float32Array
  /** The nearest anchor. */
  nearest: number
  fidelity: Fidelity
}

/**
 * How far a code can be believed: `exact` where the place is a code; `plane` where a share of the
 * variance is exact and the rest the nearest code's; `guess` with the neighbours' spread relative
 * to the data's.
 */
export type Fidelity =
  | { kind: "exact" }
  | { kind: "plane"; share: number }
  | { kind: "guess"; error: number }

export function anchorsOf(x: Float32Array, y: Float32Array, codes: Float32Array): Anchors {
  return { x, y, codes, index: new GridIndex(x, y), spread: spreadOf(codes, x.length) }
}

/** Places of codes under an affine map with orthonormal axes: x = (z - origin) . axis. */
export function placesOf(codes: Float32Array, inverse: Inverse): [Float32Array, Float32Array] {
  const { origin = [], axes = [[], []] } = inverse
  const k = origin.length
  const n = k ? codes.length / k : 0
  const places: [Float32Array, Float32Array] = [new Float32Array(n), new Float32Array(n)]
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < k; d++) {
      const away = codes[i * k + d]! - origin[d]!
      places[0][i]! += away * axes[0][d]!
      places[1][i]! += away * axes[1][d]!
    }
  }
  return places
}

/** The code at a place (x, y) of the map. */
export function codeAt(
  place: readonly [number, number],
  inverse: Inverse,
  anchors: Anchors,
  explained: number,
): Guess {
  if (inverse.kind === "neighbours") return weighted(place, anchors)
  const nearest = anchors.index.nearest(place[0], place[1]).positions[0] ?? 0
  const z = onPlane(place, inverse)
  if (explained >= EXACT || !anchors.x.length) return { z, nearest, fidelity: { kind: "exact" } }
  const k = z.length
  const there = onPlane([anchors.x[nearest]!, anchors.y[nearest]!], inverse)
  for (let d = 0; d < k; d++) z[d]! += anchors.codes[nearest * k + d]! - there[d]!
  return { z, nearest, fidelity: { kind: "plane", share: explained } }
}

/** The plane's own code, without what lies off it. */
export function onPlane(place: readonly [number, number], inverse: Inverse): Float32Array {
  const { origin = [], axes = [[], []] } = inverse
  return Float32Array.from(origin, (o, d) => o + place[0] * axes[0][d]! + place[1] * axes[1][d]!)
}

/**
 * Mean of the k nearest points' codes with modified Shepard weights ((R - d) / (R d))^2, R being
 * the distance of the next one: no neighbour comes or goes with a jump.
 */
function weighted(place: readonly [number, number], anchors: Anchors): Guess {
  const { codes, index, spread, x } = anchors
  const near = index.nearest(place[0], place[1], NEIGHBOURS + 1)
  const positions = near.positions.slice(0, NEIGHBOURS)
  const radius = near.distances[NEIGHBOURS] ?? 2 * (near.distances.at(-1) ?? 1)
  const soft = 1e-6 * radius || 1e-12
  const weights = positions.map((_, j) => {
    const d = Math.max(near.distances[j]!, soft)
    return ((radius - d) / (radius * d)) ** 2 || 1e-12
  })
  const total = weights.reduce((sum, w) => sum + w, 0)
  const k = codes.length / Math.max(1, x.length)
  const z = new Float32Array(k)
  positions.forEach((i, j) => {
    for (let d = 0; d < k; d++) z[d]! += (weights[j]! / total) * codes[i * k + d]!
  })
  let variance = 0
  positions.forEach((i, j) => {
    let squared = 0
    for (let d = 0; d < k; d++) squared += (codes[i * k + d]! - z[d]!) ** 2
    variance += (weights[j]! / total) * squared
  })
  const error = spread ? Math.sqrt(variance) / spread : 0
  return { z, nearest: positions[0] ?? 0, fidelity: { kind: "guess", error } }
}

function spreadOf(codes: Float32Array, n: number): number {
  if (!n) return 0
  const k = codes.length / n
  let squared = 0
  for (let d = 0; d < k; d++) {
    let mean = 0
    for (let i = 0; i < n; i++) mean += codes[i * k + d]! / n
    for (let i = 0; i < n; i++) squared += (codes[i * k + d]! - mean) ** 2 / n
  }
  return Math.sqrt(squared)
}

/** Mean of the codes at `positions`, (K,). */
export function meanCode(codes: Float32Array, k: number, positions: ArrayLike<number>): Float32Array {
  const mean = new Float64Array(k)
  for (let j = 0; j < positions.length; j++) {
    const at = positions[j]! * k
    for (let d = 0; d < k; d++) mean[d]! += codes[at + d]!
  }
  return Float32Array.from(mean, (sum) => sum / Math.max(1, positions.length))
}
