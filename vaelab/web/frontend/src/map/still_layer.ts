/** What lies over the points and moves with the view alone: contours, pictures, links, selection. */
import type { Columns } from "./columns"
import type { Segments } from "./density"
import type { Thumbnails } from "./thumbnails"
import type { View } from "./view"

export const THUMBNAIL_FROM = 3 // zoom from which pictures stand for points
const VEIL = 0.62

export interface Marks {
  contours: Segments[]
  thumbnails: Thumbnails | null
  /** Places of the point that is held and of its neighbours. */
  links: { from: [number, number]; to: [number, number][] } | null
  /** The place that is held. */
  held: [number, number] | null
  stars: { at: [number, number]; name: string }[]
  /** Corners of what is selected, on the plane. */
  selection: [number, number][]
  closed: boolean
}

export interface Ink {
  text: string
  page: string
  accent: string
  classes: string[]
}

export class StillLayer {
  readonly canvas = document.createElement("canvas")
  private readonly context = this.canvas.getContext("2d")
  private ratio = 1

  resize(width: number, height: number): void {
    this.ratio = Math.min(2, window.devicePixelRatio || 1)
    this.canvas.width = Math.round(width * this.ratio)
    this.canvas.height = Math.round(height * this.ratio)
  }

  /** Paints everything; true when pictures stand for the points. */
  draw(view: View, marks: Marks, ink: Ink, columns: Columns, shown: readonly boolean[]): boolean {
    const { context } = this
    if (!context) return false
    this.canvas.hidden = !anything(marks, view.zoom)
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.clearRect(0, 0, view.width, view.height)
    this.contours(context, view, marks.contours, ink)
    const pictured = this.thumbnails(context, view, marks.thumbnails, ink, columns, shown)
    this.selection(context, view, marks, ink)
    this.links(context, view, marks, ink)
    this.stars(context, view, marks, ink)
    return pictured
  }

  private contours(
    context: CanvasRenderingContext2D,
    view: View,
    contours: Segments[],
    ink: Ink,
  ): void {
    context.lineWidth = 1.2
    context.strokeStyle = ink.text
    contours.forEach((segments, level) => {
      context.globalAlpha = 0.25 + (0.5 * (level + 1)) / contours.length
      context.beginPath()
      for (let i = 0; i < segments.length; i += 4) {
        context.moveTo(...view.toScreen(segments[i]!, segments[i + 1]!))
        context.lineTo(...view.toScreen(segments[i + 2]!, segments[i + 3]!))
      }
      context.stroke()
    })
    context.globalAlpha = 1
  }

  private thumbnails(
    context: CanvasRenderingContext2D,
    view: View,
    thumbnails: Thumbnails | null,
    ink: Ink,
    columns: Columns,
    shown: readonly boolean[],
  ): boolean {
    if (!thumbnails || view.zoom < THUMBNAIL_FROM) return false
    const side = Math.round(Math.min(56, 26 + 3 * Math.log2(view.zoom / THUMBNAIL_FROM)))
    const { label } = columns
    const wanted = (i: number) => shown[label[i]!] !== false
    context.imageSmoothingEnabled = side < thumbnails.file.side
    for (const { position, tile, px, py } of thumbnails.choose(view, columns.x, columns.y, side, wanted)) {
      context.fillStyle = ink.classes[label[position]!] ?? ink.text
      context.fillRect(px, py, side, side)
      thumbnails.draw(context, tile, px + 1.5, py + 1.5, side - 3)
    }
    return true
  }

  /** The polygon, and a veil over all that is outside. */
  private selection(context: CanvasRenderingContext2D, view: View, marks: Marks, ink: Ink): void {
    if (marks.selection.length < 2) return
    context.beginPath()
    marks.selection.forEach(([x, y], i) => {
      const at = view.toScreen(x, y)
      if (i) context.lineTo(...at)
      else context.moveTo(...at)
    })
    if (marks.closed) context.closePath()
    context.strokeStyle = ink.accent
    context.lineWidth = 1.5
    context.stroke()
    context.fillStyle = ink.accent
    context.globalAlpha = 0.08
    if (!marks.closed) context.fill("evenodd")
    else {
      context.rect(0, 0, view.width, view.height)
      context.fillStyle = ink.page
      context.globalAlpha = VEIL
      context.fill("evenodd")
    }
    context.globalAlpha = 1
  }

  private links(context: CanvasRenderingContext2D, view: View, marks: Marks, ink: Ink): void {
    if (marks.links) {
      const from = view.toScreen(...marks.links.from)
      context.strokeStyle = ink.text
      context.lineWidth = 1.2
      context.globalAlpha = 0.65
      for (const place of marks.links.to) {
        const to = view.toScreen(...place)
        context.beginPath()
        context.moveTo(...from)
        context.lineTo(...to)
        context.stroke()
        ring(context, to, 4, ink.page, ink.text)
      }
      context.globalAlpha = 1
    }
    if (marks.held) ring(context, view.toScreen(...marks.held), 6, ink.page, ink.accent)
  }

  private stars(context: CanvasRenderingContext2D, view: View, marks: Marks, ink: Ink): void {
    context.font = "12px sans-serif"
    for (const { at, name } of marks.stars) {
      const [px, py] = view.toScreen(...at)
      context.beginPath()
      for (let i = 0; i < 10; i++) {
        const radius = i % 2 ? 4.5 : 10.5
        const angle = (i / 5) * Math.PI - Math.PI / 2
        context.lineTo(px + radius * Math.cos(angle), py + radius * Math.sin(angle))
      }
      context.closePath()
      context.fillStyle = ink.accent
      context.strokeStyle = ink.page
      context.lineWidth = 2
      context.stroke()
      context.fill()
      context.lineWidth = 3
      context.strokeText(name, px + 13, py + 4)
      context.fillStyle = ink.text
      context.fillText(name, px + 13, py + 4)
    }
  }
}

/** An empty layer need not be composed with the others on every frame. */
function anything(marks: Marks, zoom: number): boolean {
  const { contours, thumbnails, links, held, stars, selection } = marks
  const pictured = thumbnails !== null && zoom >= THUMBNAIL_FROM
  return pictured || Boolean(contours.length || links || held || stars.length || selection.length)
}

function ring(
  context: CanvasRenderingContext2D,
  [px, py]: [number, number],
  radius: number,
  inner: string,
  outer: string,
): void {
  context.beginPath()
  context.arc(px, py, radius, 0, 2 * Math.PI)
  context.strokeStyle = inner
  context.lineWidth = 4
  context.stroke()
  context.strokeStyle = outer
  context.lineWidth = 2
  context.stroke()
}
