/** The picture of the place under the pointer, and how far it can be believed. */
import { make, picture } from "../page/dom"
import { put } from "../decoding/pixels"
import type { Decodable, Pictures } from "../types"
import { Choice } from "./controls"
import type { Fidelity } from "./inverse"
import { percent } from "./quality"

const NEAREST = "nearest"
const MOST_CHIPS = 14

const HELP = {
  exact: "Every place of this plane is a code: nothing had to be guessed.",
  plane:
    "The code's part along the plane is that of the place; the directions that the map does not " +
    "show are taken from the nearest code. The share is what the plane holds of the codes' variance.",
  guess:
    "This map cannot be undone, so the code is the mean of the 15 nearest points' codes, the " +
    "nearer the heavier. The figure is how far those codes lie apart (root mean square " +
    "around that mean) relative to all codes: 0% is certain, 100% says no more than any code.",
}

export class LivePicture {
  readonly element: HTMLElement
  readonly canvas: HTMLCanvasElement
  private readonly where = make("figcaption", {}, "Move over the map: it is decoded where you point.")
  private readonly meter = make("i")
  private readonly words = make("span", { className: "reading" })
  private readonly trust: HTMLElement
  private readonly status = make("p", { className: "note", aria: { role: "status" } })
  private chosen = NEAREST

  /** `changed`: another class is to be decoded. */
  constructor(
    private readonly model: Decodable,
    changed: () => void,
  ) {
    const [, height, width] = model.shape
    this.canvas = picture("decoded image", width, height)
    const bar = make("div", { className: "meter", aria: { hidden: "true" } }, this.meter)
    this.trust = make("div", { className: "fidelity", hidden: true }, bar, this.words)
    this.element = make(
      "section",
      { className: "live" },
      make("figure", {}, this.canvas, this.where),
      make("div", { className: "beside" }, this.trust, ...this.classes(changed), this.status),
    )
  }

  private classes(changed: () => void): HTMLElement[] {
    const { classes } = this.model
    if (!classes.length) return []
    const options = [
      { value: NEAREST, label: "of nearest", help: "The class of the nearest point" },
      ...classes.map((name, c) => ({ value: `${c}`, label: name })),
    ]
    const pick = (value: string) => {
      this.chosen = value
      changed()
    }
    if (options.length <= MOST_CHIPS) {
      const choice = new Choice("Decode as class", options, pick)
      choice.show(NEAREST)
      choice.element.classList.add("wrapping")
      return [make("div", { className: "as" }, make("span", {}, "Decode as class"), choice.element)]
    }
    const field = make(
      "select",
      { aria: { label: "Decode as class" }, onchange: () => pick(field.value) },
      ...options.map(({ value, label }) => make("option", { value }, label)),
    )
    return [make("label", { className: "as" }, make("span", {}, "Decode as class"), field)]
  }

  /** The class to decode as, given that of the nearest point; null without classes. */
  label(ofNearest: number | null): number | null {
    if (!this.model.classes.length) return null
    return this.chosen === NEAREST ? (ofNearest ?? 0) : Number(this.chosen)
  }

  show(pictures: Pictures): void {
    put(this.canvas, pictures.rgba, this.model.shape)
  }

  /** What is decoded, in a word or two: a place or a point. */
  showPlace(text: string): void {
    if (this.where.textContent !== text) this.where.textContent = text
  }

  showFidelity(fidelity: Fidelity): void {
    this.trust.hidden = false
    this.trust.title = HELP[fidelity.kind]
    const [share, text] = said(fidelity)
    this.meter.style.transform = `scaleX(${Math.max(0, Math.min(1, share)).toFixed(3)})`
    this.meter.className = fidelity.kind === "plane" ? "part" : share < 0.35 ? "far" : share < 0.7 ? "edge" : ""
    if (this.words.textContent !== text) this.words.textContent = text
  }

  showStatus(text: string): void {
    if (this.status.textContent !== text) this.status.textContent = text
  }
}

function said(fidelity: Fidelity): [number, string] {
  if (fidelity.kind === "exact") return [1, "exact: this place is the code"]
  if (fidelity.kind === "plane") {
    return [fidelity.share, `${percent(fidelity.share)} of the variance exact, the rest from the nearest code`]
  }
  return [1 - fidelity.error, `a guess, ± ${percent(fidelity.error)} of the data’s spread`]
}
