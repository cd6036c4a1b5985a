/** Paints over what is to be hidden of a picture; Python hears of it when the pen is lifted. */
import { fromBase64, type Rgba, toRgba } from "../decoding/pixels"
import { toBase64 } from "../decoding/reconstruct"
import { button, make } from "../page/dom"
import type { MaskData } from "./data"
import { Drawing } from "./drawing"
import { Pad } from "./pad"
import { type Kit, Tools } from "./tools"

const REST = 250 // ms: strokes that follow each other at once are one
const OPACITY = 0.8 // what is hidden still shines through to who hides it
const HELP =
  "Paint over what is to be hidden. With the keyboard: arrows move, Space puts the pen down and lifts it."

export class Mask {
  readonly element: HTMLElement
  private readonly hidden: Drawing
  private readonly pad: Pad
  private readonly tools: Tools
  private readonly caption = make("figcaption", { aria: { role: "status" } })
  private timer = 0

  constructor(
    private data: MaskData,
    private tell: (hidden: string) => void,
  ) {
    const [, height, width] = data.shape
    this.hidden = new Drawing([1, height, width], [0], true)
    if (data.hidden) this.hidden.restore(fromBase64(data.hidden))
    const back = (what: () => void) => () => {
      what()
      this.pad.show()
      this.changed()
      this.rested()
    }
    this.tools = new Tools(kitOf(Math.min(height, width), back(() => this.hidden.invert())), {
      undo: back(() => this.hidden.undo()),
      redo: back(() => this.hidden.redo()),
      clear: back(() => this.hidden.clear()),
    })
    const look = { name: "picture to hide a part of", help: HELP, rgba: () => this.covered() }
    this.pad = new Pad(this.hidden, look, {
      pen: () => this.tools.pen(),
      changed: () => this.changed(),
      rested: () => this.rested(),
    })
    const figure = make("figure", {}, this.pad.element, this.caption)
    this.element = make("div", { className: "vaelab mask" }, figure, this.tools.element)
    this.changed()
  }

  /** Python has run again: the picture may be another one, what is hidden stays. */
  update(tell: (hidden: string) => void, data: MaskData): void {
    this.tell = tell
    this.data = data
    this.pad.show()
  }

  end(): void {
    clearTimeout(this.timer)
    this.element.remove()
  }

  private changed(): void {
    clearTimeout(this.timer) // the pen is at work
    const { canUndo, canRedo, isEmpty, pixels } = this.hidden
    this.tools.showSteps(canUndo, canRedo, isEmpty)
    const n = pixels.reduce((sum, value) => sum + value, 0)
    this.caption.textContent = `${n.toLocaleString("en")} of ${pixels.length.toLocaleString("en")} pixels hidden`
  }

  private rested(): void {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      this.tell(this.hidden.isEmpty ? "" : toBase64(this.hidden.bytes()))
    }, REST)
  }

  private covered(): Rgba {
    return cover(fromBase64(this.data.pixels), this.hidden.pixels, this.data)
  }
}

/** The picture's bytes (C, H, W) as RGBA, in another colour where `hidden` (H, W) is 1. */
export function cover(
  pixels: ArrayLike<number>,
  hidden: ArrayLike<number>,
  { shape, cover }: Pick<MaskData, "shape" | "cover">,
): Rgba {
  const rgba = toRgba(pixels, 1, shape, 1)
  for (let p = 0; p < hidden.length; p++) {
    if (!hidden[p]) continue
    cover.forEach((value, c) => {
      const at = 4 * p + c
      rgba[at] = rgba[at]! * (1 - OPACITY) + 255 * value * OPACITY
    })
  }
  return rgba
}

function kitOf(side: number, invert: () => void): Kit {
  return {
    pen: [1],
    ground: [0],
    hasColours: false,
    // less might fall between four pixels' centres and hide none
    width: { least: 1.5, usual: Math.max(1.5, Math.round(side / 7)), most: Math.max(4, side / 2) },
    words: {
      pen: ["Hide", "Paint over what is to be hidden"],
      eraser: ["Show", "Uncover what was hidden"],
      clear: ["Clear", "Nothing hidden; Undo brings it back"],
    },
    more: [button("Invert", "Hide what is seen, and show what is hidden", invert)],
  }
}
