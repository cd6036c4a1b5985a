/** Paths through key frames, worked out in the page. */
import type { Frame } from "../interpolate/data"
import type { Walk } from "../interpolate/walk"

const STEPS = 32 // of an arc, from key frame to key frame
const PARALLEL = 1e-6 // radians: below it, and as near to a half turn, an arc is a straight line

export const PATHS = {
  linear: { title: "Linear", about: "The straight line from code to code." },
  spherical: {
    title: "Spherical",
    about: "The arc: the direction turns evenly, and so changes the distance from 0.",
  },
} as const
export type PathKind = keyof typeof PATHS

/** The path through the frames; key frame i is at position i. */
export function pathThrough(frames: readonly Frame[], kind: PathKind): Walk {
  const steps = kind === "linear" ? 1 : STEPS
  const legs = frames.length - 1
  const width = frames[0]?.z.length ?? 0
  const n = legs * steps + 1
  const codes = new Float32Array(n * width)
  for (let leg = 0; leg < legs; leg++) {
    const [a, b] = [frames[leg]!.z, frames[leg + 1]!.z]
    for (let i = 0; i <= steps; i++) {
      codes.set(i === steps ? b : i === 0 ? a : onArc(a, b, i / steps), (leg * steps + i) * width)
    }
  }
  const { title, about } = PATHS[kind]
  const measured = { votes: null, percentiles: null, length: 0, steps: 0, note: "" }
  return { kind, title, about, codes, n, width, legs, ...measured }
}

/** z(t) = ((1-t)|a| + t|b|) (sin((1-t)w) a/|a| + sin(tw) b/|b|) / sin w (Shoemake 1985). */
export function onArc(a: readonly number[], b: readonly number[], t: number): number[] {
  const [lengthA, lengthB] = [Math.hypot(...a), Math.hypot(...b)]
  const dot = a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0)
  const angle = Math.acos(Math.max(-1, Math.min(1, dot / (lengthA * lengthB || 1))))
  const straight = !lengthA || !lengthB || angle < PARALLEL || Math.PI - angle < PARALLEL
  if (straight) return a.map((value, d) => value + t * ((b[d] ?? 0) - value))
  const length = (1 - t) * lengthA + t * lengthB
  const [shareA, shareB] = [Math.sin((1 - t) * angle), Math.sin(t * angle)]
  return a.map((value, d) => {
    const direction = (shareA * value) / lengthA + (shareB * (b[d] ?? 0)) / lengthB
    return (length * direction) / Math.sin(angle)
  })
}
