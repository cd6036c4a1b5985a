/** What is selected: how many of which class, their mean pictures, and a name to keep them by. */
import { button, make, picture } from "../page/dom"
import { put } from "../decoding/pixels"
import type { Decodable, Pictures } from "../types"
import type { SavedGroup } from "./data"

export interface GroupEvents {
  save(name: string): void
  close(): void
  remove(name: string): void
  direction(from: string, to: string): void
}

const LONGEST_NAME = 40
const MOST_BARS = 12

export class GroupCard {
  readonly element = make("section", { className: "card group", hidden: true })
  private readonly meanCode: HTMLCanvasElement
  private readonly meanImage: HTMLElement
  private readonly note = make("p", { className: "note" })

  constructor(
    private readonly model: Decodable,
    private readonly events: GroupEvents,
  ) {
    const [, height, width] = model.shape
    this.meanCode = picture("picture of the mean code", width, height)
    this.meanImage = make("figure", { hidden: true })
  }

  /** `counts` of each class, and their colours; empty without labels. */
  show(n: number, counts: { name: string; n: number; colour: string }[]): void {
    const close = button("×", "Clear the selection (Escape)", () => this.events.close())
    close.setAttribute("aria-label", "Clear the selection")
    const title = `${n.toLocaleString("en")} ${n === 1 ? "code" : "codes"} selected`
    const head = make("header", {}, make("h3", { aria: { live: "polite" } }, title), close)
    this.meanImage.hidden = true
    this.note.textContent = ""
    this.meanCode.getContext("2d")?.clearRect(0, 0, this.meanCode.width, this.meanCode.height)
    const means = make(
      "div",
      { className: "pair" },
      make("figure", {}, this.meanCode, make("figcaption", {}, "the mean code, decoded")),
      this.meanImage,
    )
    this.element.replaceChildren(head, ...(n ? [bars(counts), means, this.note, this.form()] : []))
    this.element.hidden = false
  }

  private form(): HTMLElement {
    const name = make("input", {
      type: "text",
      maxLength: LONGEST_NAME,
      placeholder: "name of the group",
      required: true,
      aria: { label: "Name of the group" },
    })
    const form = make("form", { className: "save" }, name, make("button", { type: "submit" }, "Save group"))
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      if (name.value.trim()) this.events.save(name.value.trim())
    })
    return form
  }

  showMeanCode(pictures: Pictures, note: string): void {
    put(this.meanCode, pictures.rgba, this.model.shape)
    this.note.textContent = note
  }

  showMeanImage({ pixels, n }: { pixels: ImageData; n: number }, areData: boolean): void {
    const canvas = picture("mean of the images", pixels.width, pixels.height)
    canvas.getContext("2d")?.putImageData(pixels, 0, 0)
    const what = areData ? "images" : "decoded pictures"
    this.meanImage.replaceChildren(canvas, make("figcaption", {}, `mean of ${n.toLocaleString("en")} ${what}`))
    this.meanImage.hidden = false
  }

  hide(): void {
    this.element.hidden = true
  }
}

function bars(counts: { name: string; n: number; colour: string }[]): HTMLElement {
  const most = Math.max(1, ...counts.map(({ n }) => n))
  const there = counts.filter(({ n }) => n).sort((a, b) => b.n - a.n)
  const rows = there.slice(0, MOST_BARS).map(({ name, n, colour }) => {
    const fill = make("i")
    fill.style.cssText = `width: ${(100 * n) / most}%; background: ${colour}`
    return make("li", {}, make("span", {}, name), make("div", {}, fill), make("b", {}, n.toLocaleString("en")))
  })
  const rest = there.length > MOST_BARS ? [make("li", { className: "note" }, `and ${there.length - MOST_BARS} more classes`)] : []
  return make("ul", { className: "counts", aria: { label: "Codes of each class" } }, ...rows, ...rest)
}

/** The groups that were saved, and the direction from one to another. */
export class GroupList {
  readonly element = make("section", { className: "card groups", hidden: true })

  constructor(private readonly events: GroupEvents) {}

  show(groups: SavedGroup[]): void {
    this.element.hidden = !groups.length
    const items = groups.map(({ name, n }) => {
      const remove = button("×", `Delete ${name}`, () => this.events.remove(name))
      remove.setAttribute("aria-label", `Delete ${name}`)
      return make("li", {}, make("span", {}, name), make("b", {}, n.toLocaleString("en")), remove)
    })
    this.element.replaceChildren(
      make("h3", {}, "Saved groups"),
      make("ul", { className: "saved" }, ...items),
      ...(groups.length > 1 ? [this.direction(groups)] : []),
    )
  }

  private direction(groups: SavedGroup[]): HTMLElement {
    const pick = (label: string, chosen: number) => {
      const options = groups.map(({ name }) => make("option", { value: name }, name))
      const made = make("select", { aria: { label } }, ...options)
      made.selectedIndex = chosen
      return made
    }
    const [from, to] = [pick("From group", 0), pick("To group", 1)]
    const use = button("Use on the sliders", "The direction from one group's mean to the other's, as a slider", () => {
      if (from.value !== to.value) this.events.direction(from.value, to.value)
    })
    return make("div", { className: "direction" }, make("span", {}, "From"), from, make("span", {}, "to"), to, use)
  }
}
