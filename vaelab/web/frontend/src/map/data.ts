/** What Python sends to the map, and what the map sends back. */
import type { Addresses, Decodable } from "../types"
import type { Palette } from "./colours"

export interface MapAddresses extends Addresses {
  points: string
  thumbnails: string
}

export interface ProjectionChoice {
  name: string
  title: string
  description: string
  smallest: number
  slow: boolean
}

export interface SavedGroup {
  name: string
  n: number
  counts: Record<string, number>
}

/** An uploaded picture with its code. */
export interface Star {
  id: string
  name: string
  z: number[]
  label: number | null
  /** A data: address. */
  picture: string
}

export interface MapModel extends Decodable {
  axes: { dim: number; title: string; unused: boolean }[]
  splits: { name: string; title: string; n: number }[]
  values: { name: string; title: string }[]
  projections: ProjectionChoice[]
  /** Codes that a slow map takes at most. */
  mostForSlow: number
}

export interface MapData {
  model: MapModel
  addresses: MapAddresses
  palette: Palette
  groups: SavedGroup[]
  stars: Star[]
  /** What Python has to say about the last message; another id, another answer. */
  said: { id: number; text: string; isError: boolean } | null
}

/** A code to be taken elsewhere. */
export interface Taken {
  z: number[]
  label: number | null
  source: string
  row: number | null
}

export type Message =
  | { kind: "sliders"; taken: Taken }
  | { kind: "frame"; taken: Taken }
  | { kind: "save"; name: string; split: string; n: number; bits: string }
  | { kind: "delete"; name: string }
  | { kind: "direction"; from: string; to: string }

/** The picture, its codes and numbers of one drawn point. */
export interface Detail {
  row: number
  split: string
  index: number
  label: number | null
  className: string | null
  values: Record<string, number | null>
  neighbours: { position: number | null; split: string; index: number; distance: number }[]
  image: string | null
  reconstruction: string
}
