/** Pictures to take key frames from: images of the data, and draws from the prior. */
import { button, make } from "../page/dom"
import type { Frame, InterpolateData, Item } from "./data"
import { draggable } from "./drag"

type Kind = "data" | "prior"
const TITLES: Record<Kind, string> = { data: "Images of the data", prior: "Draws from the prior" }

export interface TrayEvents {
  add(frame: Frame): void
  again(kind: Kind): void
}

export class Tray {
  readonly element: HTMLElement
  private readonly row = make("div", { className: "items", aria: { role: "group", label: "pictures to add" } })
  private readonly note = make("span", { className: "note" })
  private kind: Kind = "data"
  private tray: InterpolateData["tray"] = { note: "", data: [], prior: [] }
  private full = false
  private shown = ""

  constructor(private readonly events: TrayEvents) {
    const kinds = make("div", { className: "chips", aria: { role: "radiogroup", label: "where pictures come from" } })
    for (const kind of Object.keys(TITLES) as Kind[]) {
      const input = make("input", { type: "radio", name: "tray", checked: kind === this.kind })
      input.addEventListener("change", () => {
        this.kind = kind
        this.draw()
      })
      kinds.append(make("label", { className: "chip" }, input, make("span", {}, TITLES[kind])))
    }
    const others = button("Show others", "Other pictures to pick from", () => this.events.again(this.kind))
    this.element = make(
      "section",
      { className: "tray" },
      make("div", { className: "bar" }, kinds, this.note, others),
      this.row,
    )
  }

  show(tray: InterpolateData["tray"], full: boolean): void {
    this.tray = tray
    this.full = full
    this.draw()
  }

  private draw(): void {
    const items = this.tray[this.kind]
    const shown = `${this.kind} ${this.full} ${items.map((item) => item.z[0]).join()}`
    if (shown === this.shown) return
    this.shown = shown
    this.note.textContent = this.kind === "data" ? this.tray.note : "Decoded from new codes, of no image of the data."
    this.row.replaceChildren(...items.map((item) => itemButton(item, this.full, () => this.events.add(item))))
  }
}

/** A picture that is a key frame when it is pressed or dragged. */
export function itemButton(item: Item, full: boolean, add: () => void): HTMLButtonElement {
  const help = full ? `${item.source}: drag it onto a key frame` : `${item.source}: add as a key frame`
  const element = make(
    "button",
    { type: "button", className: "item", title: help, onclick: add, aria: { label: `add ${item.source}` } },
    make("img", { src: item.picture, alt: "", draggable: false }),
  )
  const { picture: _, ...frame } = item
  draggable(element, () => ({ frame, from: null }))
  return element
}
