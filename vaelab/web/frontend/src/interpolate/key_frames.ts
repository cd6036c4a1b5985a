/** The row of key frames: reordered, replaced, removed, and added to at its end. */
import { put } from "../decoding/pixels"
import { make, picture } from "../page/dom"
import type { Pictures } from "../types"
import type { Frame, WalkModel } from "./data"
import { type Dragged, draggable, droppable } from "./drag"
import { inserted, moved, removed, replaced } from "./row"

export interface RowEvents {
  change(frames: Frame[]): void
  seek(position: number): void
  steer(frame: Frame): void
}

export class KeyFrameRow {
  readonly element = make("ol", { className: "frames", aria: { label: "key frames" } })
  private frames: Frame[] = []
  private canvases: HTMLCanvasElement[] = []

  constructor(
    private readonly model: WalkModel,
    private readonly limits: [number, number],
    private readonly events: RowEvents,
  ) {}

  get full(): boolean {
    return this.frames.length >= this.limits[1]
  }

  show(frames: Frame[]): void {
    const focus = this.focused()
    this.frames = frames
    this.canvases = []
    const slots = frames.map((frame, i) => this.slot(frame, i))
    const space = this.full ? [] : [this.space()]
    this.element.replaceChildren(...slots, ...space)
    if (focus) this.focus(focus)
  }

  showPictures(pictures: Pictures): void {
    this.canvases.forEach((canvas, i) => {
      if (i < pictures.n) put(canvas, pictures.rgba, this.model.shape, i)
    })
  }

  /** Add at the end; false where there is no room. */
  add(frame: Frame): boolean {
    if (this.full) return false
    this.events.change(inserted(this.frames, this.frames.length, frame))
    return true
  }

  private slot(frame: Frame, i: number): HTMLElement {
    const [, height, width] = this.model.shape
    const name = `key frame ${i + 1}`
    const canvas = picture(name, width, height)
    this.canvases.push(canvas)
    const face = make(
      "button",
      { type: "button", className: "face", title: `${frame.source}: go to it`, aria: { label: `go to ${name}` } },
      canvas,
    )
    face.onclick = () => this.events.seek(i)
    const move = (to: number) => () => this.events.change(moved(this.frames, i, to))
    const last = this.frames.length - 1
    const tools = make(
      "div",
      { className: "tools" },
      tool("‹", `move ${name} left`, move(i - 1), i === 0),
      tool("›", `move ${name} right`, move(i + 1), i === last),
      tool("×", `remove ${name}`, () => this.events.change(removed(this.frames, i)), last < this.limits[0]),
      tool("Sliders", `take ${name} to the sliders`, () => this.events.steer(frame), false),
    )
    const number = make("span", { className: "number" }, `${i + 1}`)
    const source = make("span", { className: "source", title: frame.source }, frame.source)
    const slot = make("li", { className: "slot" }, face, make("div", { className: "about" }, number, source), tools)
    draggable(slot, () => ({ frame, from: i }), () => canvas)
    droppable(slot, (what) => this.dropped(what, i))
    return slot
  }

  private space(): HTMLElement {
    const space = make("li", { className: "slot space" }, make("span", {}, "Drop a picture here, or click one below"))
    droppable(space, (what) => this.dropped(what, this.frames.length))
    return space
  }

  private dropped({ frame, from }: Dragged, at: number): void {
    if (from !== null) return this.events.change(moved(this.frames, from, at))
    const isNew = at >= this.frames.length
    this.events.change(isNew ? inserted(this.frames, at, frame) : replaced(this.frames, at, frame))
  }

  /** The button that has the focus, to give it to its successor when the row is built anew. */
  private focused(): string | null {
    const root = this.element.getRootNode() as Document | ShadowRoot
    const active = root.activeElement
    return active && this.element.contains(active) ? active.getAttribute("aria-label") : null
  }

  /** A key frame that moves takes the focus along, so that a key can be pressed again. */
  private focus(label: string): void {
    const step = label.endsWith("left") ? -1 : label.endsWith("right") ? 1 : 0
    const wanted = label.replace(/\d+/, (number) => `${Math.min(this.frames.length, Math.max(1, Number(number) + step))}`)
    const found = this.element.querySelector<HTMLButtonElement>(`[aria-label="${wanted}"]`)
    if (found && !found.disabled) found.focus()
    else found?.closest("li")?.querySelector<HTMLButtonElement>("button:not(:disabled)")?.focus()
  }
}

function tool(text: string, label: string, onclick: () => void, disabled: boolean): HTMLButtonElement {
  return make("button", { type: "button", title: label, onclick, disabled, aria: { label } }, text)
}
