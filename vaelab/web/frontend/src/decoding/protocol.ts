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
  kind: "load" | "decode" | "reencode"
  codes: Codes
  shape: [number, number, number]
  conditional: boolean
}

export type Reply =
  | { id: number; pictures: Pictures }
  | { id: number; z: Float32Array }
  | { id: number; loaded: true }
  | { id: number; error: string }
