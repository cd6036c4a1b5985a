/** Small pictures of the points, cut out of one file. */
import type { AtlasFile } from "./source"
import type { View } from "./view"

const GAP = 2 // pixels between pictures

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export interface Placed {
  position: number
  tile: number
  px: number
  py: number
}

export class Thumbnails {
  constructor(readonly file: AtlasFile) {}

  get count(): number {
    return this.file.count
  }

  /** The point that a tile belongs to. */
  position(tile: number): number {
    return tile * this.file.step
  }

  /**
   * Those in view that find room: the first to claim a cell of `side` pixels has it. The cells are
   * the plane's, so that pictures move along with it.
   */
  choose(
    view: View,
    x: Float32Array,
    y: Float32Array,
    side: number,
    wanted: (position: number) => boolean,
  ): Placed[] {
    const cell = (side + GAP) / view.pixelsPerUnit
    const taken = new Set<string>()
    const placed: Placed[] = []
    for (let tile = 0; tile < this.count; tile++) {
      const position = this.position(tile)
      if (position >= x.length || !wanted(position)) continue
      const [px, py] = view.toScreen(x[position]!, y[position]!)
      if (px < -side || py < -side || px > view.width + side || py > view.height + side) continue
      const [column, row] = [Math.floor(x[position]! / cell), Math.floor(y[position]! / cell)]
      const key = `${column},${row}`
      if (taken.has(key)) continue
      taken.add(key)
      const [left, top] = view.toScreen(column * cell, (row + 1) * cell)
      placed.push({ position, tile, px: left, py: top })
    }
    return placed
  }

  draw(context: Context, tile: number, px: number, py: number, side: number): void {
    const { image, columns, side: size } = this.file
    const [sx, sy] = [(tile % columns) * size, Math.floor(tile / columns) * size]
    context.drawImage(image, sx, sy, size, size, px, py, side, side)
  }

  /** The mean picture of the points among `positions` (ascending) that have one; null for none. */
  mean(positions: Uint32Array): { pixels: ImageData; n: number } | null {
    const { side, step, count } = this.file
    const tiles = [...positions].filter((i) => i % step === 0 && i / step < count)
    if (!tiles.length) return null
    const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true })
    if (!context) return null
    const sum = new Float64Array(side * side * 4)
    for (const position of tiles) {
      context.clearRect(0, 0, side, side)
      this.draw(context, position / step, 0, 0, side)
      const { data } = context.getImageData(0, 0, side, side)
      for (let i = 0; i < sum.length; i++) sum[i]! += data[i]!
    }
    const pixels = new ImageData(Uint8ClampedArray.from(sum, (s) => s / tiles.length), side, side)
    return { pixels, n: tiles.length }
  }

  end(): void {
    this.file.image.close()
  }
}
