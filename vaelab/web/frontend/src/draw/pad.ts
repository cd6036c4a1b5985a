/** The canvas that is drawn on: pointer, touch and keys become strokes. */
import { put, toRgba } from "../decoding/pixels"
import { picture } from "../page/dom"
import type { Point } from "./brush"
import type { Drawing } from "./drawing"

const KEYS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const HELP = "Draw with the pointer. With the keyboard: arrows move, Space puts the pen down and lifts it."

export interface PadEvents {
  /** What the pen leaves, and how wide it is. */
  pen(): { colour: readonly number[]; diameter: number }
  changed(): void
  rested(): void
}

export class Pad {
  readonly element: HTMLCanvasElement
  private cursor: Point
  /** The finger or pen that draws; null for none, and while keys do. */
  private pointer: number | null = null

  constructor(
    private readonly drawing: Drawing,
    private readonly events: PadEvents,
  ) {
    const { width, height } = drawing.size
    this.cursor = [width / 2, height / 2]
    this.element = picture("canvas to draw on", width, height)
    Object.assign(this.element, { tabIndex: 0, title: HELP, className: "pad" })
    this.listen()
    this.show()
  }

  show(): void {
    put(this.element, toRgba(this.drawing.pixels, 1, this.drawing.shape), this.drawing.shape)
  }

  private listen(): void {
    const { element } = this
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return
      event.preventDefault() // no text is selected, no page scrolled
      if (this.pointer !== null) return // a second finger, or a palm
      element.focus()
      element.setPointerCapture(event.pointerId)
      this.pointer = event.pointerId
      this.begin(this.at(event))
    })
    element.addEventListener("pointermove", (event) => {
      if (!this.drawing.isDrawing || event.pointerId !== this.pointer) return
      const between = event.getCoalescedEvents?.() ?? []
      for (const one of between.length ? between : [event]) this.drawing.extend(this.at(one))
      this.changed()
    })
    for (const name of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(name, (event) => {
        if (event.pointerId === this.pointer) this.lift()
      })
    }
    element.addEventListener("blur", () => this.lift())
    element.addEventListener("keydown", (event) => this.key(event))
  }

  private key(event: KeyboardEvent): void {
    const step = KEYS[event.key]
    if (step) {
      const { width, height } = this.drawing.size
      const inside = (value: number, most: number) => Math.min(most, Math.max(0, value))
      this.cursor = [inside(this.cursor[0] + step[0], width), inside(this.cursor[1] + step[1], height)]
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
    const box = this.element.getBoundingClientRect()
    const { width, height } = this.drawing.size
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height]
  }
}
