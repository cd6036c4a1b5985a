/** What Python sends to the component, and what the component's parts tell each other. */

/** `n` codes, row by row: z is n x K, y is n x n_classes class weights (null without classes). */
export interface Codes {
  n: number
  z: Float32Array
  y: Float32Array | null
}

/** `n` decoded pictures, one after the other, as RGBA bytes; `std` where the decoder has one. */
export interface Pictures {
  n: number
  rgba: Uint8ClampedArray<ArrayBuffer>
  std: Uint8ClampedArray<ArrayBuffer> | null
  stdMax: number
  milliseconds: number
}

/** Where the sliders stand: z, the class, and how far it is blended with another one. */
export interface Place {
  z: number[]
  label: number | null
  other: number | null
  blend: number
}

/** A slider: it moves z along a unit vector, and its coordinate is direction · z - origin. */
export interface Axis {
  /** The latent dimension that it is; null for any other direction. */
  dim: number | null
  name: string
  title: string
  /** K numbers; empty for a latent dimension. */
  direction: number[]
  origin: number
  low: number
  high: number
  median: number
  unused: boolean
  /** How many of the data's codes are in each bin of the range, relative to the fullest. */
  density: number[]
}

export interface LatentAxis extends Axis {
  dim: number
  /** The data's standard deviation. */
  scale: number
}

/** What sliders can move along. */
export interface Mode {
  name: string
  title: string
  note: string
  /** Whether its axes are those of one place. */
  local: boolean
}

/** The sliders of a mode. */
export interface AxisSet {
  axes: Axis[]
  unusedReason: string
  /** Axes that are not shown. */
  left: number
}

export type Prior =
  | { kind: "standard" }
  | { kind: "classes"; mean: number[][]; std: number[][] }
  | { kind: "pool"; codes: number[][] }

/** What the page's decoder needs to know of a model. */
export interface Decodable {
  id: string
  /** SHA-256 of the weights, or its first digits; absent from a page that is not served. */
  weights?: string
  latentDim: number
  shape: [channels: number, height: number, width: number]
  /** Empty where the decoder takes no class. */
  classes: string[]
}

export interface ModelData extends Decodable {
  axes: LatentAxis[]
  modes: Mode[]
  unusedReason: string
  randomHelp: string
  prior: Prior
  /** How strange the data's own codes are: quantiles, per class or one list for all. */
  typicality: {
    kind: "posterior" | "neighbours"
    k: number
    perClass: boolean
    quantiles: (number[] | null)[]
  } | null
  /** RMS distance of E(D(z)) to z: quantiles over the data's own codes. */
  reencoding: number[] | null
}

export interface Addresses {
  bundle: string
  worker: string
  runtime: string
  wasm: string
  decoder: string
  encoder: string
  decode: string
  reencode: string
  /** Followed by the mode. */
  axes: string
  codes: string
}

export interface SlidersData {
  model: ModelData
  addresses: Addresses
  place: Place
  /** Name of the mode. */
  mode: string
  /** Goes up when Python has moved the place; otherwise the component leads. */
  version: string
  /** The picture of `place`, decoded by the server: base64 of n = 1 picture's RGB or grey bytes. */
  first: string
}

export type Root = ShadowRoot | HTMLElement

/** What Streamlit hands a component's renderer. */
export interface Component<Data> {
  data: Data
  parentElement: Root
  /** Kept for the next runs of the script; a change runs the page (or its fragment) again. */
  setStateValue: (name: string, value: unknown) => void
  /** Seen by one run of the script alone. */
  setTriggerValue: (name: string, value: unknown) => void
}
