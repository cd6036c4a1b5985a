/** A small map of the data's codes: key frames are taken from it, and paths are seen on it. */
import { put } from "../decoding/pixels"
import { make, picture } from "../page/dom"
import type { Pictures } from "../types"
import type { Frame, WalkModel } from "./data"
import { draggable } from "./drag"
import { boxAround, type Box, nearestPoint, nextPoint, onCanvas, place, type Point } from "./plane"
import { isDark } from "../map/colours"

const REACH = 14 // pixels around the pointer
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const HELP = "Click a point, or drag it, to make it a key frame. With the keyboard, arrows go from point to point and Enter adds."

export interface MapEvents {
  add(frame: Frame): void
  /** Decode what is under the pointer. */
  look(frame: Frame): void
}

export interface Line {
  points: Point[]
  selected: boolean
}

export class MiniMap {
  readonly element: HTMLElement
  private readonly plane: HTMLElement
  private readonly dots = make("canvas", { aria: { hidden: "true" } })
  private readonly marks = make("canvas", { className: "marks", tabIndex: 0, title: HELP, aria: { role: "application", label: "map of the codes" } })
  private readonly seen: HTMLCanvasElement
  private readonly preview: HTMLElement
  private readonly said = make("span", { className: "seen-source", aria: { live: "polite" } })
  private points: Point[] = []
  private codes: { z: number[]; label: number | null }[] = []
  private box: Box = boxAround([])
  private under: number | null = null
  private lines: Line[] = []
  private frames: Point[] = []
  private now: Point | null = null

  constructor(
    private readonly model: WalkModel,
    private readonly events: MapEvents,
  ) {
    const [, height, width] = model.shape
    this.seen = picture("picture at the point", width, height)
    this.preview = make("div", { className: "seen", hidden: true }, this.seen, this.said)
    this.plane = make("div", { className: "plane" }, this.dots, this.marks, this.preview)
    const share = `${Math.round(100 * model.map.share)}%`
    const note = `The data's codes on their two main axes (${share} of the variance). ${HELP.split(". ")[0]}.`
    this.element = make("div", { className: "map" }, this.plane, make("p", { className: "note" }, note))
    this.listen()
    new ResizeObserver(() => this.redraw()).observe(this.plane)
  }

  /** The data's codes as the server sends them. */
  showCodes(rows: Float32Array): void {
    const { map, latentDim } = this.model
    this.codes = []
    for (let i = 0; i * map.codeWidth < rows.length; i += map.every) {
      const start = i * map.codeWidth
      const label = rows[start + map.codeWidth - 1] ?? -1
      this.codes.push({ z: [...rows.subarray(start, start + latentDim)], label: label < 0 ? null : label })
    }
    this.points = this.codes.map(({ z }) => place(map, z))
    this.redraw()
  }

  showPaths(lines: Line[], frames: readonly Frame[]): void {
    this.lines = lines
    this.frames = frames.map((frame) => place(this.model.map, frame.z))
    this.redraw()
  }

  /** Where the film stands. */
  showNow(z: ArrayLike<number>): void {
    this.now = place(this.model.map, z)
    this.drawMarks()
  }

  showSeen(pictures: Pictures): void {
    put(this.seen, pictures.rgba, this.model.shape)
  }

  redraw(): void {
    const [width, height] = [this.plane.clientWidth, this.plane.clientHeight]
    if (!width || !height) return
    const scale = devicePixelRatio || 1
    for (const canvas of [this.dots, this.marks]) {
      Object.assign(canvas, { width: width * scale, height: height * scale })
    }
    this.box = boxAround([...this.points, ...this.frames, ...this.lines.flatMap((line) => line.points)])
    this.drawDots(scale)
    this.drawMarks()
  }

  private drawDots(scale: number): void {
    const context = this.dots.getContext("2d")
    if (!context) return
    const colours = this.model.colours[isDark(this.element) ? "dark" : "light"]
    const radius = (this.points.length > 800 ? 1.7 : 2.4) * scale
    context.globalAlpha = 0.6
    this.points.forEach((point, i) => {
      const [x, y] = this.at(point)
      const label = this.codes[i]?.label ?? null
      context.fillStyle = label === null ? "#8a90a0" : (colours[label % colours.length] ?? "#8a90a0")
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
    })
  }

  private drawMarks(): void {
    const context = this.marks.getContext("2d")
    if (!context) return
    const style = getComputedStyle(this.element)
    const [ink, paper, accent] = ["--st-text-color", "--st-background-color", "--st-primary-color"].map((name) =>
      style.getPropertyValue(name).trim(),
    ) as [string, string, string]
    const scale = devicePixelRatio || 1
    context.clearRect(0, 0, this.marks.width, this.marks.height)
    context.lineJoin = "round"
    const sorted = [...this.lines].sort((a, b) => Number(a.selected) - Number(b.selected))
    for (const line of sorted) {
      if (line.selected) this.stroke(context, line.points, paper, 5.5 * scale)
      this.stroke(context, line.points, line.selected ? accent : ink, (line.selected ? 2.8 : 1.2) * scale)
    }
    this.frames.forEach((point, i) => this.disc(context, point, 9 * scale, paper, ink, `${i + 1}`))
    if (this.now) this.disc(context, this.now, 6 * scale, accent, paper)
    const under = this.under === null ? null : this.points[this.under]
    if (under) this.disc(context, under, 6 * scale, "transparent", ink)
  }

  private stroke(context: CanvasRenderingContext2D, points: Point[], colour: string, width: number): void {
    context.beginPath()
    points.forEach((point, i) => {
      const [x, y] = this.at(point)
      if (i) context.lineTo(x, y)
      else context.moveTo(x, y)
    })
    Object.assign(context, { strokeStyle: colour, lineWidth: width })
    context.stroke()
  }

  private disc(context: CanvasRenderingContext2D, point: Point, radius: number, fill: string, edge: string, text = ""): void {
    const [x, y] = this.at(point)
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    Object.assign(context, { fillStyle: fill, strokeStyle: edge, lineWidth: radius / 4.5 })
    context.fill()
    context.stroke()
    if (!text) return
    Object.assign(context, { fillStyle: edge, textAlign: "center", textBaseline: "middle", font: `600 ${1.25 * radius}px sans-serif` })
    context.fillText(text, x, y + radius * 0.08)
  }

  private at(point: Point): Point {
    return onCanvas(this.box, point, this.marks.width, this.marks.height)
  }

  private listen(): void {
    const { marks } = this
    marks.addEventListener("pointermove", (event) => this.look(this.pointAt(event)))
    marks.addEventListener("pointerleave", () => this.look(null))
    marks.addEventListener("blur", () => this.look(null))
    marks.addEventListener("click", (event) => this.add(this.pointAt(event)))
    draggable(marks, (event) => {
      const frame = this.frame(this.pointAt(event))
      return frame && { frame, from: null }
    }, () => this.seen)
    marks.addEventListener("keydown", (event) => {
      const direction = KEYS[event.key]
      if (direction) {
        const screen = this.points.map((point) => this.at(point))
        this.look(nextPoint(screen, this.under ?? nearestPoint(screen, [marks.width / 2, marks.height / 2]) ?? 0, ...direction))
      } else if (event.key === "Enter" || event.key === " ") this.add(this.under)
      else return
      event.preventDefault()
    })
  }

  private pointAt(event: MouseEvent): number | null {
    const box = this.marks.getBoundingClientRect()
    const scale = this.marks.width / box.width
    const at: Point = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
    return nearestPoint(this.points.map((point) => this.at(point)), at, REACH * scale)
  }

  private look(i: number | null): void {
    if (i === this.under) return
    this.under = i
    this.drawMarks()
    const frame = this.frame(i)
    this.preview.hidden = !frame
    this.marks.style.cursor = frame ? "grab" : ""
    if (!frame || i === null) return
    const [x, y] = this.at(this.points[i] ?? [0, 0])
    const right = x < this.marks.width / 2
    this.preview.style.left = right ? `calc(${(100 * x) / this.marks.width}% + 12px)` : ""
    this.preview.style.right = right ? "" : `calc(${100 - (100 * x) / this.marks.width}% + 12px)`
    this.preview.style.top = `${Math.min(70, (100 * y) / this.marks.height)}%`
    const label = this.codes[i]?.label
    this.said.textContent = label === null || label === undefined ? "" : (this.model.classNames[label] ?? "")
    this.events.look(frame)
  }

  private add(i: number | null): void {
    const frame = this.frame(i)
    if (frame) this.events.add(frame)
  }

  private frame(i: number | null): Frame | null {
    const code = i === null ? null : this.codes[i]
    if (!code || i === null) return null
    const label = this.model.classes.length ? code.label : null
    return { z: code.z, label, source: "an image of the map", row: this.model.map.rows[i] ?? null }
  }
}
