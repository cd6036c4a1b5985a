/** One path: its name and numbers, its film strip, and what the data says along it. */
import { put } from "../decoding/pixels"
import { rgb } from "../map/colours"
import { make, picture } from "../page/dom"
import type { Pictures } from "../types"
import type { Frame, WalkData, WalkModel } from "./data"
import type { Walk } from "./walk"
import { classesAlong, leastDense, percentAt, percentText, placeWord, runsOf } from "./words"

export const TILES = 14
const PROFILE = { width: 840, height: 56, ribbon: 10 }
const MOST_CLASSES = 6 // named beside the path

export interface TrackEvents {
  select(kind: string): void
  seek(position: number): void
}

export class Track {
  readonly element: HTMLElement
  readonly input: HTMLInputElement
  walk: Walk | null = null
  /** What the strip's pictures are of; empty while some are old. */
  filled = ""
  private readonly strip: HTMLCanvasElement
  private readonly profile: HTMLCanvasElement
  private readonly numbers = make("div", { className: "numbers" })

  constructor(
    readonly about: Pick<WalkData, "kind" | "title" | "about">,
    private readonly model: WalkModel,
    private readonly events: TrackEvents,
  ) {
    const [, height, width] = model.shape
    this.input = make("input", { type: "radio", name: "walk", aria: { label: about.title } })
    this.input.onchange = () => events.select(about.kind)
    this.strip = picture(`film strip of the ${about.title.toLowerCase()} path`, width * TILES, height)
    this.profile = picture("", PROFILE.width, PROFILE.height)
    const title = make("label", { className: "title", title: about.about }, this.input, make("span", {}, about.title))
    const film = make(
      "div",
      { className: "film" },
      this.strip,
      this.profile,
      make("i", { className: "playhead", aria: { hidden: "true" } }),
    )
    this.element = make("div", { className: "track" }, make("div", { className: "head" }, title, this.numbers), film)
    this.scrubBy(film)
  }

  /** The positions of the strip's pictures: each shows the middle of what it covers. */
  stops(): number[] {
    const legs = this.walk?.legs ?? 1
    return Array.from({ length: TILES }, (_, i) => ((i + 0.5) / TILES) * legs)
  }

  showStrip(pictures: Pictures, from: number): void {
    for (let i = 0; i < pictures.n; i++) {
      put(this.strip, pictures.rgba, this.model.shape, i, (from + i) * this.model.shape[2])
    }
  }

  select(on: boolean): void {
    this.input.checked = on
    this.element.classList.toggle("selected", on)
  }

  showWaiting(text: string): void {
    this.walk = null
    this.filled = ""
    this.element.classList.add("waiting")
    this.numbers.replaceChildren(make("span", { className: "reading" }, text))
  }

  show(walk: Walk, frames: readonly Frame[], crossFade: number, dark: boolean): void {
    this.walk = walk
    this.element.classList.remove("waiting")
    const classes = classesAlong(walk, frames, this.model.classNames.length)
    const parts = [lengthReading(walk, crossFade), ...densityReading(walk)]
    if (classes) parts.push(this.classReading(classes, dark))
    if (walk.note) parts.push(make("span", { className: "reading" }, walk.note))
    this.numbers.replaceChildren(...parts)
    this.drawProfile(walk, frames, classes, dark)
  }

  private classReading(classes: ArrayLike<number>, dark: boolean): HTMLElement {
    const runs = runsOf(classes)
    const chips = runs.slice(0, MOST_CLASSES).map(({ label }) => {
      const dot = make("i", { className: "swatch", aria: { hidden: "true" } })
      const chip = make("span", { className: "class" }, dot, this.model.classNames[label] ?? `${label}`)
      chip.style.setProperty("--class", this.colour(label, dark))
      return chip
    })
    const more = runs.length > MOST_CLASSES ? [`and ${runs.length - MOST_CLASSES} more`] : []
    return make("span", { className: "reading classes-along" }, ...chips, ...more)
  }

  private colour(label: number, dark: boolean): string {
    const colours = this.model.colours[dark ? "dark" : "light"]
    return colours[label % colours.length] ?? "#888888"
  }

  /** Height: how dense the data is; colour: the class. */
  private drawProfile(walk: Walk, frames: readonly Frame[], classes: ArrayLike<number> | null, dark: boolean): void {
    const { width, height, ribbon } = PROFILE
    const context = this.profile.getContext("2d")
    if (!context) return
    context.clearRect(0, 0, width, height)
    const plain = getComputedStyle(this.element).getPropertyValue("--st-primary-color").trim() || "#4a57c8"
    for (let x = 0; x < width; x++) {
      const at = ((x + 0.5) / width) * (walk.n - 1)
      const share = (percentAt(walk, at) ?? 100) / 100
      const rise = (height - ribbon) * share
      context.fillStyle = this.colourAt(walk, frames, classes, at, dark) ?? plain
      context.globalAlpha = 0.45
      context.fillRect(x, height - ribbon - rise, 1, rise)
      context.globalAlpha = 1
      context.fillRect(x, height - ribbon, 1, ribbon)
    }
    this.profile.setAttribute("aria-label", this.profileText(walk, classes))
  }

  private colourAt(walk: Walk, frames: readonly Frame[], classes: ArrayLike<number> | null, at: number, dark: boolean): string | null {
    if (!classes) return null
    if (walk.votes || !this.model.classes.length) return this.colour(classes[Math.round(at)] ?? 0, dark)
    const position = (at / (walk.n - 1)) * walk.legs
    const leg = Math.min(walk.legs - 1, Math.floor(position))
    const [a, b] = [frames[leg]?.label ?? 0, frames[leg + 1]?.label ?? 0]
    return mixed(this.colour(a, dark), this.colour(b, dark), position - leg)
  }

  private profileText(walk: Walk, classes: ArrayLike<number> | null): string {
    const least = leastDense(walk)
    const names = classes ? runsOf(classes).map(({ label }) => this.model.classNames[label]) : []
    const along = names.length ? `class along the path: ${names.join(", then ")}` : ""
    const dense = least ? `least dense ${percentText(least.percent)}` : ""
    return [along, dense].filter(Boolean).join("; ") || "density along the path"
  }

  /** Pressing or dragging along the strip moves the film. */
  private scrubBy(film: HTMLElement): void {
    const seek = (event: PointerEvent) => {
      const box = film.getBoundingClientRect()
      this.events.seek(((event.clientX - box.left) / box.width) * (this.walk?.legs ?? 1))
    }
    film.addEventListener("pointerdown", (event) => {
      if (!this.walk) return
      film.setPointerCapture(event.pointerId)
      this.events.select(this.about.kind)
      seek(event)
    })
    film.addEventListener("pointermove", (event) => {
      if (film.hasPointerCapture(event.pointerId)) seek(event)
    })
  }
}

function lengthReading(walk: Walk, crossFade: number): HTMLElement {
  const times = crossFade > 0 ? ` · ${(walk.length / crossFade).toFixed(2)} × a cross-fade` : ""
  return make("span", { className: "reading" }, make("b", {}, walk.length.toFixed(1)), ` long${times}`)
}

function densityReading(walk: Walk): HTMLElement[] {
  const least = leastDense(walk)
  if (!least) return []
  const word = placeWord(least.percent)
  const dot = make("i", { className: `dot ${word.split(" ")[0]}`, aria: { hidden: "true" } })
  return [make("span", { className: "reading" }, dot, `least density ${percentText(least.percent)} · ${word}`)]
}

function mixed(a: string, b: string, share: number): string {
  const [from, to] = [rgb(a), rgb(b)]
  return `rgb(${from.map((value, c) => Math.round(value + share * ((to[c] ?? 0) - value))).join()})`
}
