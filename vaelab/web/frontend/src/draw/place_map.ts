/** Where the drawing's code lies among the data's, on the plane of two dimensions or of PCA. */
import { make } from "../page/dom"
import { classColours, isDark } from "../map/colours"
import { type Columns, parseColumns } from "../map/columns"
import { placesOf } from "../map/inverse"
import type { DrawData } from "./data"

const SIDE = 300 // CSS pixels
const MARGIN = 0.05

export class PlaceMap {
  readonly element: HTMLElement
  private readonly dots = make("canvas", { width: SIDE, height: SIDE, aria: { hidden: "true" } })
  private readonly marks = make("canvas", {
    width: SIDE,
    height: SIDE,
    aria: { role: "img", label: "place of the drawing among the data's codes" },
  })
  private readonly note = make("figcaption")
  private columns: Columns | null = null
  private box = { left: -1, right: 1, bottom: -1, top: 1 }
  private z: Float32Array | null = null

  constructor(private readonly data: DrawData) {
    const plane = make("div", { className: "plane" }, this.dots, this.marks)
    this.element = make("figure", { className: "place", hidden: true }, plane, this.note)
    void this.load()
  }

  /** Mark a code, (K,); null for no drawing. */
  show(z: Float32Array | null): void {
    this.z = z
    const context = this.marks.getContext("2d")
    if (!context || !this.columns) return
    const scale = this.marks.width / SIDE
    context.clearRect(0, 0, this.marks.width, this.marks.height)
    if (!z) return
    const [[x = 0], [y = 0]] = placesOf(z, this.columns.header.inverse)
    const [px, py] = this.at(x, y)
    const [u, v] = [px, py].map((p) => Math.min(this.marks.width - 6 * scale, Math.max(6 * scale, p))) as [number, number]
    const style = getComputedStyle(this.element)
    context.beginPath()
    context.arc(u, v, 6 * scale, 0, 2 * Math.PI)
    context.fillStyle = style.getPropertyValue("--st-primary-color").trim()
    context.strokeStyle = style.getPropertyValue("--st-background-color").trim()
    context.lineWidth = 2 * scale
    context.fill()
    context.stroke()
  }

  private async load(): Promise<void> {
    const answer = await fetch(new URL(this.data.addresses.points, document.baseURI))
    if (answer.status !== 200) return // the page below has a map of its own
    const columns = parseColumns(await answer.arrayBuffer())
    if (columns.header.inverse.kind !== "affine") return
    this.columns = columns
    const span = (values: Float32Array) => {
      const [low, high] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)]
      const margin = MARGIN * (high - low || 1)
      return [low - margin, high + margin] as const
    }
    const [[left, right], [bottom, top]] = [span(columns.x), span(columns.y)]
    this.box = { left, right, bottom, top }
    const { projection } = columns.header
    this.note.textContent = `${projection.title}; ${columns.n.toLocaleString("en")} codes of the data.`
    this.element.hidden = false
    this.draw()
    this.show(this.z)
  }

  private draw(): void {
    const scale = devicePixelRatio || 1
    for (const canvas of [this.dots, this.marks]) Object.assign(canvas, { width: SIDE * scale, height: SIDE * scale })
    const context = this.dots.getContext("2d")
    if (!context || !this.columns) return
    const { x, y, label, header } = this.columns
    const colours = classColours(this.data.model.colours, header.classes.length, isDark(this.element), [])
    context.globalAlpha = 0.55
    for (let i = 0; i < x.length; i++) {
      const [u, v] = this.at(x[i]!, y[i]!)
      context.fillStyle = colours[label[i]!] ?? "#888"
      context.fillRect(u - scale, v - scale, 2 * scale, 2 * scale)
    }
  }

  private at(x: number, y: number): [number, number] {
    const { left, right, bottom, top } = this.box
    return [((x - left) / (right - left)) * this.dots.width, (1 - (y - bottom) / (top - bottom)) * this.dots.height]
  }
}
