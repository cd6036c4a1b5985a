/** What is drawn: pixels (C, H, W) in [0, 1], strokes laid over them, and the way back. */
import { cover, type Point, type Size } from "./brush"
import type { Shape } from "../decoding/pixels"

const MOST_STEPS = 100

export class Drawing {
  pixels: Float32Array
  private past: Float32Array[] = []
  private future: Float32Array[] = []
  private stroke: { before: Float32Array; mask: Float32Array; last: Point; colour: number[]; diameter: number } | null = null
  readonly size: Size
  private readonly area: number

  constructor(
    readonly shape: Shape,
    /** Of the empty canvas, and of the eraser: C numbers. */
    readonly ground: readonly number[],
    /** Whether a stroke covers a pixel wholly or not at all. */
    private readonly hard = false,
  ) {
    this.size = { width: shape[2], height: shape[1] }
    this.area = shape[1] * shape[2]
    this.pixels = this.empty()
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }

  get isDrawing(): boolean {
    return this.stroke !== null
  }

  get isEmpty(): boolean {
    return this.pixels.every((value, i) => value === this.ground[Math.floor(i / this.area)])
  }

  /** Begin a stroke; what was there before is kept for undo. */
  begin(at: Point, colour: readonly number[], diameter: number): void {
    this.keep()
    const mask = new Float32Array(this.area)
    this.stroke = { before: this.pixels, mask, last: at, colour: [...colour], diameter }
    this.pixels = this.pixels.slice()
    this.extend(at)
  }

  /** Lead the stroke on: the colour covers what was there by the share that it covers a pixel. */
  extend(at: Point): void {
    const stroke = this.stroke
    if (!stroke) return
    const { before, mask, colour } = stroke
    cover(mask, this.size, stroke.last, at, stroke.diameter)
    stroke.last = at
    for (let i = 0; i < this.area; i++) {
      const share = this.hard ? Math.round(mask[i]!) : mask[i]!
      if (!share) continue
      for (let c = 0; c < this.shape[0]; c++) {
        const p = c * this.area + i
        this.pixels[p] = before[p]! * (1 - share) + colour[c]! * share
      }
    }
  }

  end(): void {
    this.stroke = null
  }

  undo(): void {
    this.step(this.past, this.future)
  }

  redo(): void {
    this.step(this.future, this.past)
  }

  clear(): void {
    if (this.isEmpty) return
    this.keep()
    this.pixels = this.empty()
  }

  /** Each pixel to what is left of it to 1. */
  invert(): void {
    this.keep()
    this.pixels = this.pixels.map((value) => 1 - value)
  }

  /** Move the drawing by whole pixels until its mass lies in the middle. */
  centre(): void {
    const { width, height } = this.size
    let [mass, x, y] = [0, 0, 0]
    for (let i = 0; i < this.pixels.length; i++) {
      const p = i % this.area
      const weight = Math.abs(this.pixels[i]! - this.ground[Math.floor(i / this.area)]!)
      mass += weight
      x += weight * ((p % width) + 0.5)
      y += weight * (Math.floor(p / width) + 0.5)
    }
    if (!mass) return
    const [dx, dy] = [Math.round(width / 2 - x / mass), Math.round(height / 2 - y / mass)]
    if (!dx && !dy) return
    this.keep()
    const moved = this.empty()
    for (let c = 0; c < this.shape[0]; c++) {
      for (let row = Math.max(0, dy); row < Math.min(height, height + dy); row++) {
        for (let column = Math.max(0, dx); column < Math.min(width, width + dx); column++) {
          const from = c * this.area + (row - dy) * width + column - dx
          moved[c * this.area + row * width + column] = this.pixels[from]!
        }
      }
    }
    this.pixels = moved
  }

  /** Pixels as bytes, as Python keeps them. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.pixels, (value) => Math.round(255 * value))
  }

  /** Show what Python has kept; what does not fit is left alone. */
  restore(bytes: Uint8Array): void {
    if (bytes.length === this.pixels.length) this.pixels = Float32Array.from(bytes, (byte) => byte / 255)
  }

  private keep(): void {
    this.past.push(this.pixels)
    if (this.past.length > MOST_STEPS) this.past.shift()
    this.future = []
  }

  private step(from: Float32Array[], to: Float32Array[]): void {
    const pixels = from.pop()
    if (!pixels) return
    this.end()
    to.push(this.pixels)
    this.pixels = pixels
  }

  private empty(): Float32Array {
    const pixels = new Float32Array(this.shape[0] * this.area)
    this.ground.forEach((value, c) => pixels.fill(value, c * this.area, (c + 1) * this.area))
    return pixels
  }
}
