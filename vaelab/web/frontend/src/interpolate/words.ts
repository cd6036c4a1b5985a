/** What the numbers of a path say, in words. */
import type { Walk } from "./walk"
import type { Frame, InterpolateData } from "./data"

export function placeWord(percent: number): string {
  if (percent < 1) return "far from the data"
  if (percent < 10) return "at the edge of the data"
  return "among the data"
}

export function percentText(percent: number): string {
  if (percent < 1) return "< 1%"
  return percent > 99 ? "> 99%" : `${Math.round(percent)}%`
}

/** The class at each code of the path: that of its neighbours, or of the heavier key frame. */
export function classesAlong(walk: Walk, frames: readonly Frame[], nClasses: number): Int16Array | null {
  if (walk.votes) return Int16Array.from(walk.votes)
  if (!nClasses) return null
  return Int16Array.from({ length: walk.n }, (_, i) => {
    const position = (i / (walk.n - 1)) * walk.legs
    return frames[Math.min(frames.length - 1, Math.round(position))]?.label ?? 0
  })
}

export interface Run {
  label: number
  /** Shares of the path. */
  from: number
  to: number
}

/** Stretches of one class each, in order. */
export function runsOf(classes: ArrayLike<number>): Run[] {
  const runs: Run[] = []
  const last = classes.length
  for (let i = 0; i < last; i++) {
    const label = classes[i] ?? 0
    const current = runs[runs.length - 1]
    if (current?.label === label) current.to = (i + 1) / last
    else runs.push({ label, from: i / last, to: (i + 1) / last })
  }
  return runs
}

/** Where the path is least dense: percentage, and position. Null where it is not known. */
export function leastDense(walk: Walk): { percent: number; position: number } | null {
  if (!walk.percentiles) return null
  let least = 0
  walk.percentiles.forEach((value, i) => {
    if (value < (walk.percentiles?.[least] ?? 0)) least = i
  })
  const position = (least / (walk.n - 1)) * walk.legs
  return { percent: walk.percentiles[least] ?? 0, position }
}

/** Percentage of the data that is stranger, between the path's codes too: `at` in codes. */
export function percentAt(walk: Walk, at: number): number | null {
  if (!walk.percentiles) return null
  const from = Math.max(0, Math.min(walk.n - 2, Math.floor(at)))
  const [a, b] = [walk.percentiles[from] ?? 0, walk.percentiles[from + 1] ?? 0]
  return a + (at - from) * (b - a)
}

/** A position for people: `key frame 2`, or `35 % from key frame 1 to 2`. */
export function positionText(position: number): string {
  const leg = Math.floor(position + 1e-6)
  const share = Math.round(100 * (position - leg))
  if (share <= 0) return `key frame ${leg + 1}`
  if (share >= 100) return `key frame ${leg + 2}`
  return `${share} % from key frame ${leg + 1} to ${leg + 2}`
}

/** What the numbers and colours are, once for all paths. */
export function meaningOf({ crossFade, model }: Pick<InterpolateData, "crossFade" | "model">, steps: number): string {
  const measure =
    model.measure === "posterior"
      ? "how much of the aggregate posterior, judged by draws from it, is less dense"
      : "how many of the data's codes lie in sparser places"
  const neighbours = model.classNames.length ? " Its colour is the class of most of the 8 nearest codes." : ""
  const colour = model.classes.length ? " Its colour is the class given to the decoder." : neighbours
  return (
    `Length: the distances between successive pictures (Euclidean, pixels from 0 to 1), summed over the ${steps} steps ` +
    `from each key frame to the next. A cross-fade of the key frames has ${crossFade.toFixed(1)}; nothing is shorter. ` +
    `Density, the height below a strip: ${measure}.${colour}`
  )
}
