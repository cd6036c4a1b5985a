/** What is held: a point with its neighbours, or a place; and where it can be taken. */
import { button, make, picture } from "../page/dom"
import { put } from "../decoding/pixels"
import type { Decodable, Pictures } from "../types"
import type { Detail } from "./data"
import { captioned, placeOf } from "./hover_card"
import { number } from "./legend"

export interface HeldEvents {
  toSliders(): void
  toFrames(): void
  close(): void
  /** A neighbour was chosen. */
  hold(position: number): void
}

const UNITS: Record<string, [string, string]> = {
  rate: ["rate", "nats"],
  distortion: ["distortion", "nats"],
  log_p: ["log p(x)", "nats"],
  trust: ["trust", ""],
}

export class HeldCard {
  readonly element = make("section", { className: "card held", hidden: true })

  constructor(
    private readonly model: Decodable,
    private readonly events: HeldEvents,
  ) {}

  /** A drawn point. */
  showPoint(detail: Detail): void {
    const pictures = [
      ...(detail.image ? [captioned(detail.image, "image")] : []),
      captioned(detail.reconstruction, detail.image ? "decoded" : "decoded from its code"),
    ]
    const facts = Object.entries(detail.values).flatMap(([name, value]) => {
      const [title, unit] = UNITS[name] ?? [name, ""]
      return value === null ? [] : [make("span", {}, `${title} ${number(value)}${unit ? ` ${unit}` : ""}`)]
    })
    const place = placeOf(detail)
    const title = place.charAt(0).toUpperCase() + place.slice(1)
    this.fill(
      detail.className === null ? title : `${title} · ${detail.className}`,
      make("div", { className: "pair" }, ...pictures),
      make("p", { className: "facts" }, ...facts),
      this.actions(),
      this.neighbours(detail),
    )
  }

  /** A place between the points, or an uploaded picture. */
  showPlace(title: string, pictures: Pictures, original: string | null): void {
    const [, height, width] = this.model.shape
    const canvas = picture("picture of the held place", width, height)
    put(canvas, pictures.rgba, this.model.shape)
    const decoded = make("figure", {}, canvas, make("figcaption", {}, original ? "decoded" : "decoded here"))
    const parts = original ? [captioned(original, "uploaded"), decoded] : [decoded]
    this.fill(title, make("div", { className: "pair" }, ...parts), this.actions())
  }

  private fill(title: string, ...parts: Node[]): void {
    const close = button("×", "Let go (Escape)", () => this.events.close())
    close.setAttribute("aria-label", "Let go")
    const head = make("header", {}, make("h3", {}, title), close)
    this.element.replaceChildren(head, ...parts)
    this.element.hidden = false
  }

  private actions(): HTMLElement {
    return make(
      "div",
      { className: "bar" },
      button("Take to the sliders", "Open this code on the Sliders page", () => this.events.toSliders()),
      button("Add as key frame", "Put this code at the end of the path on the Interpolate page", () => this.events.toFrames()),
    )
  }

  private neighbours({ neighbours }: Detail): HTMLElement {
    const [, height, width] = this.model.shape
    const tiles = neighbours.map((near) => {
      const canvas = make("canvas", { width, height, aria: { hidden: "true" } })
      const tile = make(
        "button",
        {
          type: "button",
          className: "tile",
          title: placeOf(near),
          disabled: near.position === null,
          onclick: () => near.position !== null && this.events.hold(near.position),
        },
        canvas,
        make("span", {}, near.distance.toFixed(2)),
      )
      tile.setAttribute("aria-label", `neighbour ${placeOf(near)}`)
      return tile
    })
    return make(
      "div",
      { className: "near" },
      make("h4", {}, `Nearest in all ${this.model.latentDim} dimensions`),
      make("div", { className: "tiles" }, ...tiles),
    )
  }

  /** The neighbours' pictures, when they have been decoded. */
  showNeighbours(pictures: Pictures): void {
    this.element.querySelectorAll<HTMLCanvasElement>(".tile canvas").forEach((canvas, i) => {
      if (i < pictures.n) put(canvas, pictures.rgba, this.model.shape, i)
    })
  }

  hide(): void {
    this.element.hidden = true
  }
}
