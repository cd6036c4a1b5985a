/** A path as codes, and the code at any position of it. */
import { fromBase64 } from "../decoding/pixels"
import type { Codes } from "../types"
import type { Frame, WalkData } from "./data"

/** A path that is there; positions go from 0 at the first key frame to `legs` at the last. */
export interface Walk {
  kind: string
  title: string
  about: string
  note: string
  codes: Float32Array
  n: number
  width: number
  legs: number
  votes: Uint8Array | null
  percentiles: Float32Array | null
  length: number
  steps: number
}

/** null while the path has no codes yet, or none that fit. */
export function readWalk(data: WalkData, latentDim: number, nFrames: number): Walk | null {
  if (!data.codes || !data.n) return null
  const codes = floats(data.codes)
  if (codes.length !== data.n * latentDim || data.n < 2) return null
  return {
    kind: data.kind,
    title: data.title,
    about: data.about,
    note: data.note ?? "",
    codes,
    n: data.n,
    width: latentDim,
    legs: nFrames - 1,
    votes: data.votes ? fromBase64(data.votes) : null,
    percentiles: data.percentiles ? floats(data.percentiles) : null,
    length: data.length ?? 0,
    steps: data.steps ?? 0,
  }
}

/** z at a position: on the straight line between the two nearest codes of the path. */
export function codeAt(walk: Walk, position: number): Float32Array {
  const { codes, n, width, legs } = walk
  const at = Math.max(0, Math.min(1, position / legs)) * (n - 1)
  const from = Math.min(n - 2, Math.floor(at))
  const share = at - from
  const z = new Float32Array(width)
  for (let d = 0; d < width; d++) {
    const [a, b] = [codes[from * width + d] ?? 0, codes[(from + 1) * width + d] ?? 0]
    z[d] = share === 0 ? a : share === 1 ? b : a + share * (b - a)
  }
  return z
}

/** Class weights at a position: evenly from one key frame's class to the next's. */
export function weightsAt(frames: readonly Frame[], position: number, nClasses: number): Float32Array {
  const leg = Math.max(0, Math.min(frames.length - 2, Math.floor(position)))
  const share = Math.max(0, Math.min(1, position - leg))
  const weights = new Float32Array(nClasses)
  const add = (label: number | null | undefined, amount: number) => {
    const c = label ?? 0
    weights[c] = (weights[c] ?? 0) + amount
  }
  add(frames[leg]?.label, 1 - share)
  add(frames[leg + 1]?.label, share)
  return weights
}

/** The codes at several positions as one batch. */
export function codesAt(
  walk: Walk,
  frames: readonly Frame[],
  positions: readonly number[],
  nClasses: number,
): Codes {
  const z = new Float32Array(positions.length * walk.width)
  const y = nClasses ? new Float32Array(positions.length * nClasses) : null
  positions.forEach((position, i) => {
    z.set(codeAt(walk, position), i * walk.width)
    y?.set(weightsAt(frames, position, nClasses), i * nClasses)
  })
  return { n: positions.length, z, y }
}

/** Key frames as one batch. */
export function codesOfFrames(frames: readonly Frame[], nClasses: number): Codes {
  const width = frames[0]?.z.length ?? 0
  const z = new Float32Array(frames.length * width)
  const y = nClasses ? new Float32Array(frames.length * nClasses) : null
  frames.forEach((frame, i) => {
    z.set(frame.z, i * width)
    if (y) y[i * nClasses + (frame.label ?? 0)] = 1
  })
  return { n: frames.length, z, y }
}

/** n positions from 0 to `legs`, both included. */
export function evenly(n: number, legs: number): number[] {
  return Array.from({ length: n }, (_, i) => (i * legs) / (n - 1))
}

function floats(text: string): Float32Array {
  return new Float32Array(fromBase64(text).buffer as ArrayBuffer)
}
