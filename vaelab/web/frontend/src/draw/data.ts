/** What Python sends to the draw component; `web/reconstruct/draw_panel.py` has the same. */
import type { Palette } from "../map/colours"
import type { Shape } from "../decoding/pixels"
import type { Addresses, Decodable } from "../types"
import type { Terms } from "./classes"

export interface DrawData {
  kind: "draw"
  model: Decodable & { classNames: string[]; colours: Palette; terms: Terms }
  addresses: Addresses & { reconstruct: string; points: string }
  /** C numbers each. */
  ground: number[]
  pen: number[]
  /** base64 of uint8 (C, H, W); empty for nothing drawn yet. */
  pixels: string
}

export interface PasteData {
  kind: "paste"
  addresses: Addresses
  mostBytes: number
  /** Whether Python keeps one that was pasted. */
  held: boolean
}

/** `web/reconstruct/mask_painter.py` has the same. */
export interface MaskData {
  kind: "mask"
  addresses: Addresses
  shape: Shape
  /** base64 of uint8 (C, H, W). */
  pixels: string
  /** base64 of uint8 (H, W), 255 where a pixel is hidden; empty where none is. */
  hidden: string
  /** The colour of what is hidden, 0 to 1. */
  cover: [red: number, green: number, blue: number]
}
