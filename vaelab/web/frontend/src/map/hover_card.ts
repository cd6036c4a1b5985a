/** The card beside the point under the pointer: its image, its reconstruction, what it is. */
import { make } from "../page/dom"
import type { Detail } from "./data"

const OFFSET = 16

export class HoverCard {
  readonly element = make("div", { className: "hover-card", hidden: true })

  show(detail: Detail, px: number, py: number, width: number, height: number): void {
    const pictures = [
      ...(detail.image ? [captioned(detail.image, "image")] : []),
      captioned(detail.reconstruction, "decoded"),
    ]
    this.element.replaceChildren(
      make("div", { className: "pair" }, ...pictures),
      make("div", { className: "name" }, nameOf(detail)),
    )
    this.element.hidden = false
    const right = px + OFFSET + this.element.offsetWidth < width
    const below = py + OFFSET + this.element.offsetHeight < height
    this.element.style.left = `${right ? px + OFFSET : px - OFFSET - this.element.offsetWidth}px`
    this.element.style.top = `${below ? py + OFFSET : py - OFFSET - this.element.offsetHeight}px`
  }

  hide(): void {
    this.element.hidden = true
  }
}

export function captioned(source: string, caption: string): HTMLElement {
  const image = make("img", { src: source, alt: caption, draggable: false })
  return make("figure", {}, image, make("figcaption", {}, caption))
}

const SPLITS: Record<string, string> = { train: "training" }

/** Such as `7 · test image 1,204`. */
export function nameOf(detail: Detail): string {
  const place = placeOf(detail)
  return detail.className === null ? place : `${detail.className} · ${place}`
}

export function placeOf({ split, index }: { split: string; index: number }): string {
  return `${SPLITS[split] ?? split} image ${index.toLocaleString("en")}`
}
