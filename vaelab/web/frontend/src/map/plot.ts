/** The stage: layers one over the other, one view for all, one paint an animation frame. */
import { make } from "../page/dom"
import type { Columns } from "./columns"
import { type Colouring, PointsLayer } from "./points_layer"
import { type Ink, type Marks, StillLayer } from "./still_layer"
import type { Progress } from "./source"
import { type Box, boxOf, unitOf, View } from "./view"

const NOTHING: Marks = {
  contours: [],
  thumbnails: null,
  links: null,
  held: null,
  stars: [],
  selection: [],
  closed: false,
}
const LEAST_LEFT = 3 // seconds: below it, an estimate says nothing
const LABEL =
  "Map of the codes. Arrow keys move a cursor that is decoded, Enter holds the nearest point, " +
  "Escape lets go, plus and minus zoom, 0 shows everything."

export class Plot {
  readonly element: HTMLElement
  /** Takes the pointer and the keys. */
  readonly surface: HTMLElement
  readonly view = new View()
  readonly marks: Marks = { ...NOTHING }
  private readonly points = new PointsLayer()
  private readonly still = new StillLayer()
  private readonly cursor = make("div", { className: "cursor", hidden: true })
  private readonly over = make("div", { className: "over", hidden: true })
  private readonly message = make("div", { className: "message", aria: { role: "status" } })
  private readonly labels = [make("span", { className: "across" }), make("span", { className: "up" })]
  private readonly sizes: ResizeObserver
  private columns: Columns | null = null
  private colouring: Colouring | null = null
  private ink: Ink = { text: "#000", page: "#fff", accent: "#f00", classes: [] }
  private waiting = false

  /** `moved`: the view has changed. `under` and `above` lie below and over the points. */
  constructor(
    under: HTMLElement,
    above: HTMLElement,
    private readonly moved: () => void,
  ) {
    this.surface = make(
      "div",
      { className: "surface", tabIndex: 0, aria: { role: "application", label: LABEL } },
      under,
      this.points.canvas,
      this.still.canvas,
      ...this.labels,
      this.cursor,
      this.over,
    )
    this.element = make("div", { className: "plot" }, this.surface, above, this.message)
    this.sizes = new ResizeObserver(() => this.resize())
    this.sizes.observe(this.element)
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.surface
    if (!width || !height) return
    this.view.resize(width, height)
    this.points.resize(width, height)
    this.still.resize(width, height)
    this.changed()
  }

  /** Draw other points; `box` is what to show of the plane, null to leave the view alone. */
  async show(columns: Columns, colouring: Colouring, ink: Ink, box: Box | null): Promise<void> {
    this.columns = columns
    this.colouring = colouring
    this.ink = ink
    if (box) this.view.show(box)
    const unit = unitOf(box ?? boxOf(columns.x, columns.y))
    columns.header.projection.axisLabels.forEach((text, i) => (this.labels[i]!.textContent = text))
    await this.points.draw(columns, unit, this.view, colouring)
    this.changed()
  }

  colour(colouring: Colouring, ink: Ink): void {
    this.colouring = colouring
    this.ink = ink
    this.points.colour(colouring)
    this.repaint()
  }

  /** The view has changed. */
  changed(): void {
    this.points.look(this.view)
    this.repaint()
    this.moved()
  }

  /** The marks have changed. */
  repaint(): void {
    if (this.waiting) return
    this.waiting = true
    requestAnimationFrame(() => {
      this.waiting = false
      if (!this.columns || !this.colouring) return
      const { view, marks, ink, columns, colouring } = this
      const pictured = this.still.draw(view, marks, ink, columns, colouring.shown)
      this.points.canvas.style.opacity = pictured ? "0.25" : ""
    })
  }

  /** The place that is decoded, in pixels; null for none. */
  showCursor(at: [number, number] | null): void {
    this.cursor.hidden = !at
    if (at) this.cursor.style.transform = `translate(${at[0]}px, ${at[1]}px)`
  }

  /** A ring around a point; null for none. */
  showOver(at: [number, number] | null): void {
    this.over.hidden = !at
    if (!at) return
    const [px, py] = this.view.toScreen(...at)
    this.over.style.transform = `translate(${px}px, ${py}px)`
  }

  /** Words in place of points; empty to take them away. */
  say(text: string, isError = false): void {
    this.message.replaceChildren(...(text ? [make("p", {}, text)] : []))
    this.message.classList.toggle("error", isError)
    this.message.hidden = !text
  }

  /** A bar while a slow map is being made. */
  showProgress({ fraction, message, seconds }: Progress, work: string): void {
    const bar = make("progress", { max: 1, value: fraction, aria: { label: work } })
    const percent = `${Math.round(100 * fraction)}%`
    const left = seconds === null || seconds < LEAST_LEFT ? "" : `, about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`
    this.message.replaceChildren(
      make("p", {}, `${work} … ${percent}${left}`),
      bar,
      make("p", { className: "note" }, message),
      make("p", { className: "note" }, "It continues if you leave this page, and is kept with the checkpoint."),
    )
    this.message.classList.remove("error")
    this.message.hidden = false
  }

  end(): void {
    this.sizes.disconnect()
    this.points.end()
  }
}
