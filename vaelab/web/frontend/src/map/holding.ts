/** The point or place that is held, and the one under the pointer. */
import type { Detail, MapModel, Message, Star, Taken } from "./data"
import type { Explorer } from "./explorer"
import { HeldCard } from "./held_card"
import { HoverCard, nameOf } from "./hover_card"
import type { LivePicture } from "./live_picture"
import type { Plot } from "./plot"
import type { Settings } from "./settings"
import type { Source } from "./source"

const NEAR = 10 // pixels from the pointer to a point that it is over
const NEAR_CLICK = 14
const CARD_AFTER = 90 // ms over the same point

export class Holding {
  readonly hoverCard = new HoverCard()
  readonly card: HeldCard
  shown: boolean[] = []
  private pointer: [number, number] | null = null
  private over: number | null = null
  private taken: Taken | null = null
  private timer = 0
  private version = 0

  constructor(
    private readonly model: MapModel,
    private readonly plot: Plot,
    private readonly explorer: Explorer,
    private readonly live: LivePicture,
    private readonly source: Source,
    private readonly settings: () => Settings,
    tell: (message: Message) => void,
  ) {
    const take = (kind: "sliders" | "frame") => () => this.taken && tell({ kind, taken: this.taken })
    this.card = new HeldCard(model, {
      toSliders: take("sliders"),
      toFrames: take("frame"),
      close: () => this.release(),
      hold: (position) => this.holdPoint(position),
    })
  }

  /** The pointer, or the cursor of the keys, is here. */
  hover(px: number, py: number): void {
    this.pointer = [px, py]
    const place = this.plot.view.toPlane(px, py)
    const near = this.explorer.nearest(place, this.shown)
    this.explorer.decodeAt(place, near?.position ?? null)
    this.plot.showCursor(this.pointer)
    const isOver = near !== null && near.distance * this.plot.view.pixelsPerUnit <= NEAR
    this.showOver(isOver ? near.position : null)
  }

  /** Move the cursor by so many pixels; it starts in the middle. */
  arrow(dx: number, dy: number): void {
    const { width, height } = this.plot.view
    const [px, py] = this.pointer ?? [width / 2, height / 2]
    this.hover(Math.min(width, Math.max(0, px + dx)), Math.min(height, Math.max(0, py + dy)))
  }

  /** Decode the same place again: another class, or other codes; the middle at first. */
  again(): void {
    if (this.pointer) return this.hover(...this.pointer)
    const { width, height } = this.plot.view
    const place = this.plot.view.toPlane(width / 2, height / 2)
    this.explorer.decodeAt(place, this.explorer.nearest(place, this.shown)?.position ?? null)
    this.live.showPlace("the middle of the map; move the pointer to decode elsewhere")
  }

  /** The view has changed: nothing is known to be under the pointer until it moves. */
  viewChanged(): void {
    this.showOver(null)
  }

  /** Other points: the pointer's place means nothing any more. */
  forget(): void {
    this.leave()
    this.pointer = null
  }

  leave(): void {
    this.plot.showCursor(null)
    this.showOver(null)
  }

  private showOver(position: number | null): void {
    if (position === this.over) return
    this.over = position
    clearTimeout(this.timer)
    this.hoverCard.hide()
    const columns = this.explorer.drawn
    this.plot.showOver(position === null || !columns ? null : [columns.x[position]!, columns.y[position]!])
    this.live.showPlace(position === null ? "decoded under the pointer" : "decoded at this point")
    if (position === null) return
    this.timer = window.setTimeout(() => void this.showCard(position), CARD_AFTER)
  }

  private async showCard(position: number): Promise<void> {
    const detail = await this.source.detail(this.settings(), position).catch(() => null)
    if (!detail || this.over !== position || !this.pointer) return
    const { width, height } = this.plot.view
    this.hoverCard.show(detail, ...this.pointer, width, height)
  }

  /** A click: the point that is there, else the place. */
  click(px: number, py: number): void {
    const place = this.plot.view.toPlane(px, py)
    const near = this.explorer.nearest(place, this.shown)
    if (near && near.distance * this.plot.view.pixelsPerUnit <= NEAR_CLICK) this.holdPoint(near.position)
    else this.holdPlace(place)
  }

  /** Enter: the point nearest to the cursor. */
  holdNearest(): void {
    const { width, height } = this.plot.view
    const place = this.plot.view.toPlane(...(this.pointer ?? [width / 2, height / 2]))
    const near = this.explorer.nearest(place, this.shown)
    if (near) this.holdPoint(near.position)
  }

  holdPoint(position: number): void {
    const version = ++this.version
    const columns = this.explorer.drawn
    if (!columns) return
    this.hoverCard.hide()
    this.plot.marks.held = [columns.x[position]!, columns.y[position]!]
    this.plot.marks.links = null
    this.plot.repaint()
    this.source.detail(this.settings(), position).then(
      (detail) => version === this.version && this.showPoint(detail),
      (error: unknown) => version === this.version && this.live.showStatus(String(error)),
    )
  }

  private showPoint(detail: Detail): void {
    const { marks } = this.plot
    const columns = this.explorer.drawn
    if (!columns || !marks.held) return
    const drawn = detail.neighbours.flatMap(({ position }) => (position === null ? [] : [position]))
    marks.links = { from: marks.held, to: drawn.map((i) => [columns.x[i]!, columns.y[i]!]) }
    this.plot.repaint()
    this.taken = {
      z: [],
      label: this.model.classes.length ? detail.label : null,
      source: nameOf(detail),
      row: detail.row,
    }
    this.card.showPoint(detail)
    const codes = drawn.length === detail.neighbours.length ? this.explorer.codesOf(drawn) : null
    if (codes?.n) {
      this.explorer.pictures("neighbours", codes, (pictures) => this.card.showNeighbours(pictures))
    }
  }

  private holdPlace(place: [number, number]): void {
    const version = ++this.version
    const guess = this.explorer.guess(place)
    if (!guess) return
    const nearest = this.explorer.nearest(place, this.shown)
    const label = this.live.label(this.explorer.labelOf(nearest?.position ?? null))
    this.mark(place)
    const at = place.map((value) => value.toFixed(2)).join(", ")
    this.taken = { z: [...guess.z], label, source: `the place (${at}) on the map`, row: null }
    this.explorer.pictures("held", this.explorer.codes(guess.z, 1, label), (pictures) => {
      if (version === this.version) this.card.showPlace(`Place (${at})`, pictures, null)
    })
  }

  /** An uploaded picture, at its place. */
  holdStar(star: Star, place: [number, number]): void {
    const version = ++this.version
    this.mark(place)
    this.taken = { z: star.z, label: star.label, source: star.name, row: null }
    const codes = this.explorer.codes(Float32Array.from(star.z), 1, star.label)
    this.explorer.pictures("held", codes, (pictures) => {
      if (version === this.version) this.card.showPlace(star.name, pictures, star.picture)
    })
  }

  private mark(place: [number, number]): void {
    this.hoverCard.hide()
    this.plot.marks.held = place
    this.plot.marks.links = null
    this.plot.repaint()
  }

  /** Hold nothing. */
  release(): void {
    this.version++
    this.taken = null
    this.plot.marks.held = null
    this.plot.marks.links = null
    this.card.hide()
    this.hoverCard.hide()
    this.plot.repaint()
  }

  end(): void {
    clearTimeout(this.timer)
  }
}
