/** What Python sends to the draw component; `web/reconstruct/draw_panel.py` has the same. */
import type { Palette } from "../map/colours"
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
}
