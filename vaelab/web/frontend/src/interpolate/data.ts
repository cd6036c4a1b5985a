/** What Python sends to the interpolate component, and what the component sends back. */
import type { Palette } from "../map/colours"
import type { Addresses, Decodable } from "../types"

/** A code that paths go through; `row` where it is one of the data's stored codes. */
export interface Frame {
  z: number[]
  label: number | null
  source: string
  row: number | null
}

/** A key frame to be, with its picture as a data: address. */
export interface Item extends Frame {
  picture: string
}

export interface Neighbour extends Item {
  distance: number
}

/** A kind of path; one that takes long comes without its codes until it is asked for. */
export interface WalkData {
  kind: string
  title: string
  about: string
  /** base64 of float32 (n, K). */
  codes?: string
  n?: number
  /** base64 of uint8 (n,), the class of most of each code's nearest codes. */
  votes?: string | null
  /** base64 of float32 (n,), percentage of the data that is stranger. */
  percentiles?: string | null
  /** Sum of the distances between pictures, `steps` of them a leg. */
  length?: number
  steps?: number
  note?: string
}

export interface MapAxes {
  origin: number[]
  /** Two principal axes (2, K). */
  axes: number[][]
  /** Share of the variance that they hold. */
  share: number
  /** Every how many-th of the server's codes is drawn, and which stored codes these are. */
  every: number
  rows: number[]
  /** Numbers a code of the server's has: mean first, label last. */
  codeWidth: number
}

export interface WalkModel extends Decodable {
  weights: string
  /** Of the data, whether the decoder takes a class or not. */
  classNames: string[]
  colours: Palette
  measure: "posterior" | "neighbours"
  map: MapAxes
}

export interface WalkAddresses extends Addresses {
  film: string
}

export interface InterpolateData {
  model: WalkModel
  addresses: WalkAddresses
  limits: [least: number, most: number]
  frames: Frame[]
  /** Another row of key frames, another version. */
  version: string
  /** The key frames as the address has them; empty for those at the beginning. */
  link: string
  /** Number of the edit that Python has seen last. */
  sequence: number
  walks: WalkData[]
  /** Sum of the distances between the key frames' own pictures. */
  crossFade: number
  /** `note` says what the images of the data are. */
  tray: { note: string; data: Item[]; prior: Item[] }
  sum: { sequence: number; neighbours: Neighbour[] } | null
}

/** What can be told to Python. */
export interface Tell {
  edit(frames: Frame[]): void
  wanted(version: string): void
  again(kind: "data" | "prior"): void
  steer(frame: Frame): void
  sum(frame: Frame, sequence: number): void
}
