/** The draw component: the model's answer follows the pen, all in the page. */
import { fromBase64, put, toRgba } from "../decoding/pixels"
import { Latest } from "../decoding/latest"
import {
  type Reconstruction,
  type Reconstructor,
  reconstructorInThePage,
  reconstructorOnTheServer,
  toBase64,
} from "../decoding/reconstruct"
import { button, make, picture } from "../page/dom"
import { bestRow, MOST_AT_ONCE, weightsOf } from "./classes"
import type { DrawData } from "./data"
import { Drawing } from "./drawing"
import { Pad } from "./pad"
import { PlaceMap } from "./place_map"
import { PosteriorBars } from "./posterior_bars"
import { type Kit, Tools } from "./tools"

const REST = 700 // ms after the pen is lifted until Python hears of the drawing
const HELP = "Draw with the pointer. With the keyboard: arrows move, Space puts the pen down and lifts it."

type Tell = (pixels: string) => void
interface Asked {
  x: Float32Array
  y: Float32Array | null
}

export class Draw {
  readonly element: HTMLElement
  private readonly drawing: Drawing
  private readonly pad: Pad
  private readonly tools: Tools
  private readonly reconstruction: HTMLCanvasElement
  private readonly caption = make("figcaption")
  private readonly status = make("p", { className: "note", aria: { role: "status" } })
  private readonly classChoice: HTMLSelectElement | null
  private readonly bars: PosteriorBars
  private readonly map: PlaceMap
  private readonly latest: Latest<Asked, { asked: Asked; answer: Reconstruction; where: Reconstructor["where"] }>
  private reconstructor: Reconstructor
  private why = "the page's models are loading"
  private timer = 0

  constructor(
    private readonly data: DrawData,
    private tell: Tell,
  ) {
    const { model } = data
    this.drawing = new Drawing(model.shape, data.ground)
    if (data.pixels) this.drawing.restore(fromBase64(data.pixels))
    const back = (what: () => void) => () => {
      what()
      this.pad.show()
      this.changed()
      this.rested()
    }
    this.tools = new Tools(kitOf(data, back(() => this.drawing.centre())), {
      undo: back(() => this.drawing.undo()),
      redo: back(() => this.drawing.redo()),
      clear: back(() => this.drawing.clear()),
    })
    const rgba = () => toRgba(this.drawing.pixels, 1, model.shape)
    this.pad = new Pad(this.drawing, { name: "canvas to draw on", help: HELP, rgba }, {
      pen: () => this.tools.pen(),
      changed: () => this.changed(),
      rested: () => this.rested(),
    })
    this.reconstruction = picture("reconstruction of the drawing", model.shape[2], model.shape[1])
    this.classChoice = model.classes.length ? this.makeClassChoice() : null
    this.bars = new PosteriorBars(model.latentDim, false)
    this.map = new PlaceMap(data)
    const server = reconstructorOnTheServer(model, data.addresses.reconstruct)
    this.reconstructor = server
    this.latest = new Latest(
      async (asked) => {
        const by = this.reconstructor
        return { asked, answer: await by.reconstruct(asked.x, asked.y), where: by.where }
      },
      ({ asked, answer, where }) => this.show(asked, answer, where),
      (error) => this.failed(error, server),
    )
    this.element = this.build()
    this.listen()
    void this.load()
    this.changed()
  }

  /** Python has run again and listens elsewhere; the drawing leads. */
  update(tell: Tell): void {
    this.tell = tell
  }

  end(): void {
    clearTimeout(this.timer)
    this.element.remove()
  }

  private async load(): Promise<void> {
    try {
      this.reconstructor = await reconstructorInThePage(this.data.model, this.data.addresses)
      this.changed()
    } catch (error) {
      this.why = `the page's models cannot be loaded (${String(error)})`
      this.changed()
    }
  }

  private failed(error: unknown, server: Reconstructor): boolean {
    if (this.reconstructor === server) {
      this.say(`No reconstruction: ${String(error)}`)
      return false
    }
    this.why = `the page's models failed (${String(error)})`
    this.reconstructor = server
    return true
  }

  private changed(): void {
    clearTimeout(this.timer) // the pen is at work
    const { drawing } = this
    this.tools.showSteps(drawing.canUndo, drawing.canRedo, drawing.isEmpty)
    const chosen = this.classChoice?.value ?? ""
    const y = weightsOf(this.data.model.classes.length, chosen === "" ? null : Number(chosen))
    this.latest.ask({ x: drawing.pixels.slice(), y })
  }

  private rested(): void {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      this.tell(this.drawing.isEmpty ? "" : toBase64(this.drawing.bytes()))
    }, REST)
  }

  private show({ x, y }: Asked, answer: Reconstruction, where: string): void {
    const { classes, latentDim, shape, classNames, terms } = this.data.model
    const best = answer.pictures.n > 1 ? bestRow(x, answer, terms) : null
    const row = best?.row ?? 0
    put(this.reconstruction, answer.pictures.rgba, shape, row)
    const label = !y ? null : best ? row : y.indexOf(1)
    const why = !best ? "" : best.elbo === null ? ", the nearest" : ", the highest ELBO"
    const empty = this.drawing.isEmpty
    const named = label === null ? "" : `, class ${classNames[label] ?? classes[label]}${why}`
    this.caption.textContent = `Reconstruction${empty ? " of an empty canvas" : named}`
    const of = (values: Float32Array | null) => values?.subarray(row * latentDim, (row + 1) * latentDim) ?? null
    this.bars.show(empty ? null : of(answer.mean), of(answer.std))
    this.map.show(empty ? null : of(answer.mean))
    const time = answer.pictures.milliseconds
    this.say(
      where === "page"
        ? "Encoded and decoded in this page."
        : `Encoded and decoded by the server, ${time.toFixed(0)} ms a picture: ${this.why}.`,
    )
    this.status.title = `${time.toFixed(1)} ms`
  }

  /** Only what is new: a screen reader reads it out. */
  private say(text: string): void {
    if (this.status.textContent !== text) this.status.textContent = text
  }

  private makeClassChoice(): HTMLSelectElement {
    const { classes } = this.data.model
    const names = classes.map((name, i) => make("option", { value: String(i) }, name))
    const best = make("option", { value: "" }, "that fits best")
    const all = classes.length <= MOST_AT_ONCE ? [best, ...names] : names
    const choice = make("select", { aria: { label: "class c of the drawing" } }, ...all)
    choice.addEventListener("change", () => this.changed())
    return choice
  }

  private build(): HTMLElement {
    const drawn = make("figure", { className: "canvas" }, this.pad.element, make("figcaption", {}, "Your drawing, as the model sees it"))
    const seen = make("figure", { className: "answer" }, this.reconstruction, this.caption)
    const choice = this.classChoice ? [make("label", { className: "class" }, "Class c", this.classChoice)] : []
    return make(
      "div",
      { className: "vaelab draw" },
      drawn,
      seen,
      this.map.element,
      make("div", { className: "controls" }, this.tools.element, ...choice),
      make("div", { className: "below" }, this.bars.element, this.status),
    )
  }

  private listen(): void {
    this.element.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
      event.preventDefault()
      if (event.shiftKey) this.drawing.redo()
      else this.drawing.undo()
      this.pad.show()
      this.changed()
      this.rested()
    })
  }
}

function kitOf({ model, ground, pen }: DrawData, centre: () => void): Kit {
  const side = Math.min(model.shape[1], model.shape[2])
  const usual = Math.max(1, Math.round((side / 28) * 2.2 * 4) / 4) // as MNIST's strokes
  return {
    pen,
    ground,
    hasColours: model.shape[0] !== 1,
    width: { least: 0.5, usual, most: Math.max(4, side / 4) },
    words: {
      pen: ["Pen", "Draw"],
      eraser: ["Eraser", "Draw with the ground"],
      clear: ["Clear", "An empty canvas; Undo brings the drawing back"],
    },
    more: [button("Centre", "Move the drawing's mass to the middle, as in centred data", centre)],
  }
}
