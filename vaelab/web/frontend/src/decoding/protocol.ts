/** The messages between page and worker; one is in flight at a time. */
import type { Codes, Pictures } from "../types"
import type { Reconstruction } from "./reconstruct"

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

export type Reply =
  | { id: number; pictures: Pictures }
  | { id: number; z: Float32Array }
  | { id: number; reconstruction: Reconstruction }
  | { id: number; loaded: true }
  | { id: number; error: string }
