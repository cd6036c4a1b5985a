/** What a standalone file holds; `vaelab/standalone/` writes it. */
import type { Frame, WalkModel } from "../interpolate/data"
import type { ModelData, Place } from "../types"

export type StandaloneModel = ModelData & WalkModel

export interface StandaloneData {
  model: StandaloneModel
  /** Where the sliders stand at first, and its picture: base64 of RGB or grey bytes. */
  place: Place
  first: string
  frames: Frame[]
  limits: [least: number, most: number]
}

/** Ids of the file's parts: inert script elements, all but the data gzip in base64. */
export type Part = "data" | "worker" | "wasm" | "decoder" | "encoder" | "codes"
