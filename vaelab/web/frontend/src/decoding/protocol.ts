/** The messages between page and worker; one is in flight at a time. */
import type { Codes, Pictures } from "../types"

export interface Sources {
  runtime: string
  wasm: string
  decoder: string
  encoder: string
}

export interface Request extends Sources {
  id: number
  kind: "load" | "decode" | "reencode" | "reconstruct"
  codes: Codes
  /** (C, H, W), to be reconstructed under the classes of `codes`. */
  picture?: Float32Array
  shape: [number, number, number]
  conditional: boolean
}

/** n posteriors and what the decoder makes of their means. */
export interface Reconstruction {
  mean: Float32Array
  /** Of the posterior; null for an autoencoder, whose code is a point. */
  std: Float32Array | null
  /** The decoder's means, n x C x H x W in [0, 1]. */
  x: Float32Array
  /** The likelihood's standard deviations, as x; null where it has none, and from the server. */
  pixelStd: Float32Array | null
  pictures: Pictures
}

export type Reply =
  | { id: number; pictures: Pictures }
  | { id: number; z: Float32Array }
  | { id: number; reconstruction: Reconstruction }
  | { id: number; loaded: true }
  | { id: number; error: string }
