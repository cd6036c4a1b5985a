/** The trust meter: how far the picture beside it can be believed. */
import { make } from "../page/dom"
import { rank } from "../space/typicality"
import type { ModelData } from "../types"

const TYPICAL = {
  posterior:
    "Share of codes drawn from the aggregate posterior (the mean of q(z|x) over the data) whose " +
    "density there is lower than that of this z. 0%: farther out than any of them.",
  neighbours:
    "Share of the data's codes that lie in sparser places than this one, by the distance to " +
    "their 8th nearest neighbour over the used dimensions. 0%: farther out than any of them.",
}

export class TrustMeter {
  readonly element: HTMLElement
  private readonly typical: Meter
  private readonly agreement = new Meter(
    "re-encoded",
    "The encoder's code of the decoded picture against z: root mean square over the used " +
      "dimensions, in the data's standard deviations, and the share of the data's own codes " +
      "that come back less exactly.",
  )

  constructor(private readonly model: ModelData) {
    const kind = model.typicality?.kind ?? "posterior"
    this.typical = new Meter("typical", TYPICAL[kind])
    const parts = [
      ...(model.typicality ? [this.typical.element] : []),
      ...(model.reencoding ? [this.agreement.element] : []),
    ]
    this.element = make("div", { className: "trust" }, ...parts)
  }

  showPercentile(value: number | null): void {
    if (value === null) {
      this.typical.show(0, "too few codes to say")
      return
    }
    const amount = value < 1 ? "< 1%" : `${Math.round(value)}%`
    this.typical.show(value, `${amount} · ${placeWord(value)}`)
  }

  showDistance(distance: number): void {
    const { reencoding } = this.model
    if (!reencoding) return
    const better = 100 * (1 - rank(reencoding, distance))
    const share = better < 1 ? "< 1%" : `${Math.round(better)}%`
    this.agreement.show(better, `${distance.toFixed(2)} std away · ${share} of data farther`)
  }
}

class Meter {
  readonly element: HTMLElement
  private readonly fill = make("i")
  private readonly text = make("span", { className: "reading" }, "…")

  constructor(name: string, help: string) {
    const bar = make("div", { className: "meter", aria: { hidden: "true" } }, this.fill)
    const label = make("span", { className: "what" }, name)
    this.element = make("div", { className: "trust-row", title: help }, label, bar, this.text)
  }

  show(percent: number, text: string): void {
    this.fill.style.transform = `scaleX(${(percent / 100).toFixed(3)})`
    this.fill.className = percent < 1 ? "far" : percent < 10 ? "edge" : ""
    this.text.textContent = text
  }
}

function placeWord(percent: number): string {
  if (percent < 1) return "far from the data"
  if (percent < 10) return "at the edge of the data"
  return "among the data"
}
