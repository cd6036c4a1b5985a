/** The picture that plays, large, and what it is. */
import { put } from "../decoding/pixels"
import { make, picture } from "../page/dom"
import type { Backend } from "../decoding/decoder"
import type { Pictures } from "../types"
import type { WalkModel } from "./data"
import type { Walk } from "./walk"
import { percentAt, percentText, positionText } from "./words"

const SAY_EVERY = 100 // ms

export class Stage {
  readonly element: HTMLElement
  private readonly canvas: HTMLCanvasElement
  private readonly caption = make("figcaption")
  private readonly where = make("span", { aria: { role: "status" } })
  private readonly rate = make("span", { aria: { hidden: "true" } })
  private shownWhere: string | null = null
  private painted: number[] = []
  private said = 0

  constructor(private readonly model: WalkModel) {
    const [, height, width] = model.shape
    this.canvas = picture("decoded image", width, height)
    const note = make("p", { className: "note" }, this.where, this.rate)
    this.element = make("figure", { className: "stage" }, this.canvas, this.caption, note)
  }

  show(pictures: Pictures, where: Backend["where"], why: string, playing: boolean): void {
    put(this.canvas, pictures.rgba, this.model.shape)
    this.count(playing)
    const text = where === "page" ? "page" : why
    if (text === this.shownWhere) return
    this.shownWhere = text
    const time = `${pictures.milliseconds.toFixed(1)} ms`
    this.where.textContent =
      where === "page" ? `Decoded in this page, ${time} a picture.` : `Decoded by the server, ${time} a picture: ${why}.`
  }

  /** Some times a second: nobody reads faster. */
  describe(walk: Walk, position: number, isLast: boolean): void {
    const now = performance.now()
    if (!isLast && now - this.said < SAY_EVERY) return
    this.said = now
    const dense = percentAt(walk, (position / walk.legs) * (walk.n - 1))
    const density = dense === null ? "" : ` · density ${percentText(dense)}`
    this.caption.textContent = `${walk.title}, ${positionText(position)}${density}`
  }

  /** Pictures in the last second; said while a film plays alone. */
  private count(playing: boolean): void {
    const now = performance.now()
    this.painted = playing ? [...this.painted.filter((time) => now - time < 1000), now] : []
    const n = this.painted.length
    const text = n > 20 && now - (this.painted[0] ?? now) > 900 ? ` ${n} pictures a second.` : playing ? (this.rate.textContent ?? "") : ""
    if (this.rate.textContent !== text && (n % 10 === 0 || !playing)) this.rate.textContent = text
  }
}
