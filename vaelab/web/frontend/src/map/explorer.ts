/** Places to pictures: what is under the pointer is decoded at once, what is held in its card. */
import { inThePage, onTheServer } from "../decoding/backends"
import { type Backend, Decoder } from "../decoding/decoder"
import type { Codes, Pictures } from "../types"
import type { Columns } from "./columns"
import type { MapAddresses, MapModel } from "./data"
import { GridIndex } from "./grid_index"
import { type Anchors, anchorsOf, codeAt, type Guess, onPlane, placesOf } from "./inverse"
import type { LivePicture } from "./live_picture"

export class Explorer {
  readonly decoder: Decoder
  anchors: Anchors | null = null
  private columns: Columns | null = null
  private index: GridIndex | null = null
  private decoded: { where: Backend["where"]; milliseconds: number } | null = null
  private last: [place: readonly [number, number], nearest: number | null] | null = null
  private why = "the page's decoder is loading"

  constructor(
    private readonly model: MapModel,
    private readonly addresses: MapAddresses,
    private readonly live: LivePicture,
  ) {
    const server = onTheServer(model, addresses)
    this.decoder = new Decoder(server, (error, failed) => {
      if (failed.where === "server") return live.showStatus(`No picture: ${String(error)}`)
      this.why = `the page's decoder failed (${String(error)})`
      this.decoder.use(server)
    })
    void this.load()
  }

  private async load(): Promise<void> {
    try {
      const some = this.codes(new Float32Array(this.model.latentDim), 1, 0)
      this.decoder.use(await inThePage(this.model, this.addresses, some))
      if (!this.last) this.live.showStatus("Decoded in this page.")
    } catch (error) {
      this.why = `the page's decoder cannot be loaded (${String(error)})`
      if (!this.last) this.live.showStatus(`Decoded by the server: ${this.why}.`)
    }
    if (this.last) this.decodeAt(...this.last) // and says where
  }

  /** Other points; their codes follow with `useCodes`. */
  use(columns: Columns): void {
    this.columns = columns
    this.index = null
    this.anchors = null
    this.last = null
  }

  /** Codes of the drawn points, or of others where there are too many to send. */
  useCodes(codes: Float32Array): void {
    const { columns } = this
    if (!columns) return
    if (codes.length === columns.n * this.model.latentDim) {
      this.anchors = anchorsOf(columns.x, columns.y, codes)
      this.index ??= this.anchors.index
    } else if (columns.header.inverse.kind === "affine") {
      this.anchors = anchorsOf(...placesOf(codes, columns.header.inverse), codes)
    }
  }

  /** The points that are drawn. */
  get drawn(): Columns | null {
    return this.columns
  }

  /** Whether the anchors are the drawn points, position by position. */
  get hasAllCodes(): boolean {
    return this.anchors !== null && this.anchors.x === this.columns?.x
  }

  /** The nearest drawn point of the classes shown; null without any. */
  nearest(place: readonly [number, number], shown: readonly boolean[]): { position: number; distance: number } | null {
    const { columns } = this
    if (!columns?.n) return null
    this.index ??= new GridIndex(columns.x, columns.y)
    const { label } = columns
    const all = shown.every(Boolean)
    const wanted = all ? undefined : (i: number) => shown[label[i]!] !== false
    const { positions, distances } = this.index.nearest(place[0], place[1], 1, wanted)
    const position = positions[0]
    return position === undefined ? null : { position, distance: distances[0]! }
  }

  /** The code of a place, with what is known at this time; null while nothing is. */
  guess(place: readonly [number, number]): Guess | null {
    const { columns, anchors } = this
    if (!columns) return null
    const { inverse, projection } = columns.header
    const share = (projection.explainedVariance ?? []).reduce((sum, part) => sum + part, 0)
    if (anchors) return codeAt(place, inverse, anchors, share)
    if (inverse.kind === "neighbours") return null
    return { z: onPlane(place, inverse), nearest: 0, fidelity: { kind: "plane", share } }
  }

  /** Decode the place now; the latest wins. */
  decodeAt(place: readonly [number, number], nearest: number | null): void {
    const guess = this.guess(place)
    if (!guess) return
    this.last = [place, nearest]
    const label = this.live.label(this.labelOf(nearest))
    this.decoder.live(this.codes(guess.z, 1, label), (pictures, where) => {
      this.live.show(pictures)
      this.decoded = { where, milliseconds: pictures.milliseconds }
    })
    this.live.showFidelity(guess.fidelity)
    this.decoder.whenQuiet(() => this.showStatus())
  }

  /** Not on every picture: a screen reader reads it out. */
  private showStatus(): void {
    if (!this.decoded) return
    const time = `${this.decoded.milliseconds.toFixed(1)} ms a picture`
    this.live.showStatus(
      this.decoded.where === "page"
        ? `Decoded in this page, ${time}.`
        : `Decoded by the server, ${time}: ${this.why}.`,
    )
  }

  /** The class of a drawn point; null without one. */
  labelOf(position: number | null): number | null {
    if (position === null || !this.columns) return null
    const label = this.columns.label[position]
    return label === undefined || label === this.columns.header.classes.length ? null : label
  }

  /** Pictures when there is time. */
  pictures(key: string, codes: Codes, done: (pictures: Pictures) => void): void {
    this.decoder.pictures(key, codes, done)
  }

  /** n codes under one class. */
  codes(z: Float32Array, n: number, label: number | null): Codes {
    const c = this.model.classes.length
    if (!c) return { n, z, y: null }
    const y = new Float32Array(n * c)
    for (let i = 0; i < n; i++) y[i * c + (label ?? 0)] = 1
    return { n, z, y }
  }

  /** The codes of drawn points, each under its own class; null where they are not all here. */
  codesOf(positions: number[]): Codes | null {
    const { anchors } = this
    if (!anchors || !this.hasAllCodes) return null
    const [k, c] = [this.model.latentDim, this.model.classes.length]
    const z = new Float32Array(positions.length * k)
    const y = c ? new Float32Array(positions.length * c) : null
    positions.forEach((position, i) => {
      z.set(anchors.codes.subarray(position * k, (position + 1) * k), i * k)
      if (y) y[i * c + (this.labelOf(position) ?? 0)] = 1
    })
    return { n: positions.length, z, y }
  }
}
