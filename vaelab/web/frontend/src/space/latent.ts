/** The arithmetic of places in latent space. */
import type { Codes, ModelData, Place, Prior } from "../types"

/** Class weights of a place, (n_classes,); null for a model without classes. */
export function classWeights(place: Place, nClasses: number): Float32Array | null {
  if (!nClasses || place.label === null) return null
  const weights = new Float32Array(nClasses)
  const share = place.other === null ? 0 : place.blend
  weights[place.label] = (weights[place.label] ?? 0) + 1 - share
  if (place.other !== null) weights[place.other] = (weights[place.other] ?? 0) + share
  return weights
}

/** Several places as one batch. */
export function codesOf(places: Place[], nClasses: number): Codes {
  const width = places[0]?.z.length ?? 0
  const z = new Float32Array(places.length * width)
  const y = nClasses ? new Float32Array(places.length * nClasses) : null
  places.forEach((place, i) => {
    z.set(place.z, i * width)
    const weights = classWeights(place, nClasses)
    if (y && weights) y.set(weights, i * nClasses)
  })
  return { n: places.length, z, y }
}

/** A draw from N(0, 1) (Box and Muller 1958). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A new code from the prior. */
export function draw(prior: Prior, place: Place, random: () => number = Math.random): number[] {
  if (prior.kind === "pool") {
    return [...(prior.codes[Math.floor(random() * prior.codes.length)] ?? place.z)]
  }
  return place.z.map(
    (_, d) => normal(random) * scaleAt(prior, place.label, d) + centreAt(prior, place.label, d),
  )
}

/**
 * The code of the same style under another class: what the prior leaves open, (z - m_c) / s_c,
 * stays; with one prior for all classes it is z itself.
 */
export function sameStyle(prior: Prior, place: Place, label: number): number[] {
  if (prior.kind !== "classes" || place.label === null) return [...place.z]
  return place.z.map((value, d) => {
    const style = (value - centreAt(prior, place.label, d)) / scaleAt(prior, place.label, d)
    return centreAt(prior, label, d) + scaleAt(prior, label, d) * style
  })
}

/** Where reset leads: the mean of a learned prior p(z|c), else the median of the data. */
export function home(model: ModelData, label: number | null): number[] {
  const z = new Array<number>(model.latentDim).fill(0)
  for (const axis of model.axes) {
    z[axis.dim] =
      model.prior.kind === "classes" ? centreAt(model.prior, label, axis.dim) : axis.median
  }
  return z
}

function centreAt(prior: Prior, label: number | null, d: number): number {
  return prior.kind === "classes" ? (prior.mean[label ?? 0]?.[d] ?? 0) : 0
}

function scaleAt(prior: Prior, label: number | null, d: number): number {
  return prior.kind === "classes" ? (prior.std[label ?? 0]?.[d] ?? 1) : 1
}

/** Whether two places decode to the same picture. */
export function equal(a: Place, b: Place): boolean {
  const blend = (place: Place) => (place.other === null ? 0 : place.blend)
  return (
    a.label === b.label &&
    a.other === b.other &&
    blend(a) === blend(b) &&
    a.z.every((value, d) => value === b.z[d])
  )
}
