/** The plane as the decoder sees it: a grid of pictures under the points, filled in idle time. */
import type { Decoder } from "../decoding/decoder"
import { type Shape } from "../decoding/pixels"
import type { Codes } from "../types"
import type { Inverse } from "./columns"
import { onPlane } from "./inverse"
import type { View } from "./view"

const CELL = 36 // pixels across, about
const WAIT = 150 // ms that the view stands still before it is decoded

export class ManifoldLayer {
  readonly canvas = document.createElement("canvas")
  private timer = 0
  private version = 0
  private drawn: { left: number; top: number; scale: number } | null = null

  constructor(
    private readonly decoder: Decoder,
    private readonly shape: Shape,
    private readonly withClass: (z: Float32Array, n: number) => Codes,
  ) {
    this.canvas.hidden = true
  }

  /** The view or the class has changed: follow with what is there, decode anew a little later. */
  refresh(view: View, inverse: Inverse): void {
    this.canvas.hidden = false
    clearTimeout(this.timer)
    this.follow(view)
    this.timer = window.setTimeout(() => this.fill(view, inverse), WAIT)
  }

  hide(): void {
    clearTimeout(this.timer)
    this.version++
    this.canvas.hidden = true
    this.drawn = null
  }

  /** Old pictures move along with the plane until the new ones are there. */
  private follow(view: View): void {
    if (!this.drawn) return
    const [px, py] = view.toScreen(this.drawn.left, this.drawn.top)
    const scale = view.pixelsPerUnit / this.drawn.scale
    this.canvas.style.transform = `translate(${px}px, ${py}px) scale(${scale})`
  }

  private fill(view: View, inverse: Inverse): void {
    const version = ++this.version
    const [, height, width] = this.shape
    const columns = Math.max(1, Math.round(view.width / CELL))
    const cell = view.width / columns
    const rows = Math.ceil(view.height / cell)
    const whole = new OffscreenCanvas(columns * width, rows * height)
    const context = whole.getContext("2d")
    if (!context) return
    const [left, top] = view.toPlane(0, 0)
    const scale = view.pixelsPerUnit
    let missing = rows
    for (let row = 0; row < rows; row++) {
      const z = Float32Array.from(
        Array.from({ length: columns }, (_, column) => [
          ...onPlane(view.toPlane((column + 0.5) * cell, (row + 0.5) * cell), inverse),
        ]).flat(),
      )
      this.decoder.pictures(`manifold ${row}`, this.withClass(z, columns), ({ rgba }) => {
        if (version !== this.version) return
        const size = width * height * 4
        for (let c = 0; c < columns; c++) {
          const picture = new ImageData(rgba.slice(c * size, (c + 1) * size), width, height)
          context.putImageData(picture, c * width, row * height)
        }
        if (--missing === 0) this.show(whole, view, { left, top, scale }, columns * cell, rows * cell)
      })
    }
  }

  private show(
    whole: OffscreenCanvas,
    view: View,
    drawn: { left: number; top: number; scale: number },
    width: number,
    height: number,
  ): void {
    this.canvas.width = whole.width
    this.canvas.height = whole.height
    this.canvas.style.width = `${width}px`
    this.canvas.style.height = `${height}px`
    this.canvas.getContext("2d")?.drawImage(whole, 0, 0)
    this.drawn = drawn
    this.follow(view)
  }
}
