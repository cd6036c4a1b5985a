/** A film strip of a path: pictures at even distances, pressed to go there. */
import type { Decoder } from "../decoding/decoder"
import { put } from "../decoding/pixels"
import type { Frame } from "../interpolate/data"
import { codesAt, evenly, type Walk } from "../interpolate/walk"
import { make } from "../page/dom"
import type { Decodable } from "../types"

const PICTURES = 16
const AT_ONCE = 4 // so that a live picture waits for few

export class PathStrip {
  readonly element: HTMLElement
  private readonly canvas: HTMLCanvasElement
  private legs = 1

  constructor(
    private readonly model: Decodable,
    private readonly decoder: Decoder,
    seek: (position: number) => void,
  ) {
    const [, height, width] = model.shape
    this.canvas = make("canvas", { width: PICTURES * width, height, aria: { hidden: "true" } })
    this.element = make("div", { className: "path-strip" }, this.canvas)
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect()
      seek(((event.clientX - box.left) / box.width) * this.legs)
    })
  }

  show(walk: Walk, frames: readonly Frame[]): void {
    this.legs = walk.legs
    const [, , width] = this.model.shape
    const positions = evenly(PICTURES, walk.legs)
    for (let at = 0; at < PICTURES; at += AT_ONCE) {
      const codes = codesAt(walk, frames, positions.slice(at, at + AT_ONCE), this.model.classes.length)
      this.decoder.pictures(`strip ${at}`, codes, (pictures) => {
        for (let i = 0; i < pictures.n; i++) {
          put(this.canvas, pictures.rgba, this.model.shape, i, (at + i) * width)
        }
      })
    }
  }
}
