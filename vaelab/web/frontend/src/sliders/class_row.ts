/** The same style under every class, side by side. */
import { make, picture } from "../page/dom"
import { put } from "../decoding/pixels"
import type { ModelData, Pictures } from "../types"

export const MOST_CLASSES = 40

export class ClassRow {
  readonly element: HTMLElement
  private readonly canvases: HTMLCanvasElement[]

  constructor(
    private readonly model: ModelData,
    pick: (label: number) => void,
  ) {
    const [, height, width] = model.shape
    const names = model.classes.slice(0, MOST_CLASSES)
    this.canvases = names.map((name) => picture(`decoded as ${name}`, width, height))
    const tiles = this.canvases.map((canvas, label) =>
      make(
        "button",
        { type: "button", className: "tile", onclick: () => pick(label) },
        canvas,
        make("span", {}, names[label] ?? ""),
      ),
    )
    const rest = model.classes.length - names.length
    this.element = make(
      "section",
      { className: "all-classes" },
      make("h3", {}, "Every class at this style"),
      make("div", { className: "tiles" }, ...tiles),
      ...(rest > 0 ? [make("p", { className: "note" }, `and ${rest} more classes`)] : []),
    )
  }

  show(pictures: Pictures, from: number): void {
    for (let i = 0; i < pictures.n; i++) {
      const canvas = this.canvases[from + i]
      if (canvas) put(canvas, pictures.rgba, this.model.shape, i)
    }
  }
}
