/** The canvas that is drawn on: pointer, touch and keys become strokes. */
import { put, type Rgba } from "../decoding/pixels"
import { make, picture } from "../page/dom"
import type { Point } from "./brush"
import type { Drawing } from "./drawing"

const KEYS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** What the canvas is, and what is seen on it. */
export interface Look {
  name: string
  help: string
  rgba(): Rgba
}

export interface PadEvents {
  /** What the pen leaves, and how wide it is. */
  pen(): { colour: readonly number[]; diameter: number }
  changed(): void
  rested(): void
}

export class Pad {
  readonly element: HTMLElement
  private readonly canvas: HTMLCanvasElement
  /** As wide as the pen, where it is. */
  private readonly ring = make("div", { className: "ring", hidden: true })
  private cursor: Point
  /** The finger or pen that draws; null for none, and while keys do. */
  private pointer: number | null = null

  constructor(
    private readonly drawing: Drawing,
    private readonly look: Look,
    private readonly events: PadEvents,
  ) {
    const { width, height } = drawing.size
    this.cursor = [width / 2, height / 2]
    this.canvas = picture(look.name, width, height)
    Object.assign(this.canvas, { tabIndex: 0, title: look.help, className: "pad" })
    this.element = make("div", { className: "padded" }, this.canvas, this.ring)
    this.listen()
    this.show()
  }

  show(): void {
    put(this.canvas, this.look.rgba(), this.drawing.shape)
  }

  /** Show the pen's width where it is. */
  private point(at: Point): void {
    const { width, height } = this.drawing.size
    const { diameter } = this.events.pen()
    const share = (value: number, most: number) => `${(100 * value) / most}%`
    Object.assign(this.ring.style, {
      left: share(at[0], width),
      top: share(at[1], height),
      width: share(diameter, width),
      height: share(diameter, height),
    })
    this.ring.hidden = false
  }

  private listen(): void {
    const { canvas } = this
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return
      event.preventDefault() // no text is selected, no page scrolled
      if (this.pointer !== null) return // a second finger, or a palm
      canvas.focus()
      canvas.setPointerCapture(event.pointerId)
      this.pointer = event.pointerId
      this.begin(this.at(event))
    })
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.point(this.at(event)) // beneath a finger it is not seen
      if (!this.drawing.isDrawing || event.pointerId !== this.pointer) return
      const between = event.getCoalescedEvents?.() ?? []
      for (const one of between.length ? between : [event]) this.drawing.extend(this.at(one))
      this.changed()
    })
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (event) => {
        if (event.pointerId === this.pointer) this.lift()
      })
    }
    canvas.addEventListener("pointerleave", () => (this.ring.hidden = true))
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.point(this.cursor)
    })
    canvas.addEventListener("blur", () => {
      this.ring.hidden = true
      this.lift()
    })
    canvas.addEventListener("keydown", (event) => this.key(event))
  }

  private key(event: KeyboardEvent): void {
    const step = KEYS[event.key]
    if (step) {
      const { width, height } = this.drawing.size
      const inside = (value: number, most: number) => Math.min(most, Math.max(0, value))
      this.cursor = [inside(this.cursor[0] + step[0], width), inside(this.cursor[1] + step[1], height)]
      this.point(this.cursor)
      if (this.drawing.isDrawing) {
        this.drawing.extend(this.cursor)
        this.changed()
      }
    } else if (event.key === " ") {
      if (this.drawing.isDrawing) this.lift()
      else this.begin(this.cursor)
    } else return
    event.preventDefault()
  }

  private begin(at: Point): void {
    const { colour, diameter } = this.events.pen()
    this.drawing.begin(at, colour, diameter)
    this.cursor = at
    this.changed()
  }

  private lift(): void {
    this.pointer = null
    if (!this.drawing.isDrawing) return
    this.drawing.end()
    this.events.rested()
  }

  private changed(): void {
    this.show()
    this.events.changed()
  }

  private at(event: MouseEvent): Point {
    const box = this.canvas.getBoundingClientRect()
    const { width, height } = this.drawing.size
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height]
  }
}
