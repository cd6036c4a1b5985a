/** What the map is asked for: method, images, colours, tools, what is drawn over and under it. */
import { button, make } from "../page/dom"
import type { MapModel } from "./data"
import type { Tool } from "./gestures"
import { availableIn, countsFor, type Settings } from "./settings"

export interface Layers {
  contours: boolean
  pictures: boolean
  decoded: boolean
}

export interface ControlEvents {
  settings(wanted: Partial<Settings>): void
  tool(tool: Tool): void
  layers(layers: Layers): void
  zoom(factor: number): void
  reset(): void
}

const TOOLS: { tool: Tool; label: string; help: string }[] = [
  { tool: "move", label: "Move", help: "Drag to move, scroll to zoom, click to hold a point; Shift-drag draws a lasso" },
  { tool: "lasso", label: "Lasso", help: "Draw around codes" },
  { tool: "box", label: "Box", help: "Drag a box over codes" },
]

let groups = 0

export class Controls {
  readonly element: HTMLElement
  readonly layers: Layers
  private readonly projection: Choice
  private readonly split: HTMLSelectElement
  private readonly count: HTMLSelectElement
  private readonly across: HTMLSelectElement
  private readonly up: HTMLSelectElement
  private readonly dims: HTMLElement
  private readonly colour: HTMLSelectElement
  private readonly decoded: HTMLElement

  constructor(
    private readonly model: MapModel,
    private readonly events: ControlEvents,
  ) {
    const { projections, splits, values, axes } = model
    this.layers = { contours: false, pictures: true, decoded: model.latentDim === 2 }
    this.projection = new Choice(
      "Projection",
      projections.map(({ name, title, description }) => ({ value: name, label: title, help: description })),
      (projection) => events.settings({ projection }),
    )
    this.split = select("Images", splits.map(({ name, title }) => [name, title]), (split) => events.settings({ split }))
    this.count = select("Points at most", [], (n) => events.settings({ n: Number(n) }))
    const dims = axes.map(({ dim, title, unused }): [string, string] => [`${dim}`, unused ? `${title} · unused` : title])
    this.across = select("Across", dims, () => this.pair(this.across))
    this.up = select("Up", dims, () => this.pair(this.up))
    this.dims = make("div", { className: "fields" }, labelled("Across", this.across), labelled("Up", this.up))
    this.colour = select(
      "Colour by",
      [["class", "Class"], ...values.map(({ name, title }): [string, string] => [name, title])],
      (colour) => events.settings({ colour }),
    )
    const toggle = (key: keyof Layers, label: string, help: string) => this.toggle(key, label, help)
    this.decoded = toggle("decoded", "Decoded plane", "What the decoder draws at each place of the plane")
    this.element = make(
      "div",
      { className: "controls" },
      this.projection.element,
      make(
        "div",
        { className: "fields" },
        ...(splits.length > 1 ? [labelled("Images", this.split)] : []),
        labelled("Points", this.count),
        labelled("Colour by", this.colour),
        this.dims,
      ),
      make(
        "div",
        { className: "tools" },
        this.tools().element,
        make(
          "div",
          { className: "switches" },
          toggle("contours", "Contours", "Lines around 25, 50, 75 and 95% of the codes"),
          toggle("pictures", "Pictures", "Pictures in place of points when zoomed in"),
          this.decoded,
        ),
      ),
    )
  }

  private tools(): Choice {
    const choice = new Choice(
      "Pointer",
      TOOLS.map(({ tool, label, help }) => ({ value: tool, label, help })),
      (tool) => this.events.tool(tool as Tool),
    )
    choice.show("move")
    return choice
  }

  /** Buttons that lie on the map itself. */
  zooms(): HTMLElement {
    return make(
      "div",
      { className: "bar zooms" },
      this.icon("+", "Zoom in", () => this.events.zoom(1.5)),
      this.icon("−", "Zoom out", () => this.events.zoom(1 / 1.5)),
      button("Reset view", "Show all of the map (double click)", () => this.events.reset()),
    )
  }

  private icon(text: string, label: string, onclick: () => void): HTMLButtonElement {
    const made = button(text, label, onclick)
    made.setAttribute("aria-label", label)
    return made
  }

  private toggle(key: keyof Layers, label: string, help: string): HTMLElement {
    const box = make("input", {
      type: "checkbox",
      checked: this.layers[key],
      onchange: () => {
        this.layers[key] = box.checked
        this.events.layers(this.layers)
      },
    })
    return make("label", { className: "switch", title: help }, box, make("span", {}, label))
  }

  private pair(changed: HTMLSelectElement): void {
    const dims: [number, number] = [Number(this.across.value), Number(this.up.value)]
    if (dims[0] === dims[1]) {
      const other = this.model.axes.find(({ dim }) => dim !== dims[0])?.dim ?? dims[0]
      dims[changed === this.across ? 1 : 0] = other
    }
    this.events.settings({ dims })
  }

  show(settings: Settings): void {
    this.projection.show(settings.projection)
    this.split.value = settings.split
    const available = availableIn(this.model, settings.split)
    const counts = countsFor(this.model, settings)
    this.count.replaceChildren(
      ...counts.map((n) => {
        const text = n.toLocaleString("en")
        return make("option", { value: `${n}` }, n === available ? `all ${text}` : text)
      }),
    )
    this.count.value = `${settings.n}`
    this.dims.hidden = settings.projection !== "dims" || this.model.latentDim <= 2
    this.across.value = `${settings.dims[0]}`
    this.up.value = `${settings.dims[1]}`
    this.colour.value = settings.colour
  }

  /** Only a plane of codes can be decoded as a whole. */
  offerDecoded(can: boolean): void {
    this.decoded.hidden = !can
  }
}

/** One of a few, as radio buttons side by side. */
export class Choice {
  readonly element: HTMLElement
  private readonly radios: HTMLInputElement[]

  constructor(
    label: string,
    options: { value: string; label: string; help?: string }[],
    changed: (value: string) => void,
  ) {
    const name = `map-choice-${++groups}`
    this.radios = options.map(({ value, label }) =>
      make("input", { type: "radio", name, value, aria: { label }, onchange: () => changed(value) }),
    )
    const parts = this.radios.map((radio, i) =>
      make("label", { title: options[i]?.help ?? "" }, radio, make("span", {}, options[i]?.label ?? "")),
    )
    this.element = make("div", { className: "choice", aria: { role: "radiogroup", label } }, ...parts)
  }

  show(value: string): void {
    for (const radio of this.radios) radio.checked = radio.value === value
  }
}

function select(label: string, options: [string, string][], changed: (value: string) => void): HTMLSelectElement {
  const made = make(
    "select",
    { aria: { label }, onchange: () => changed(made.value) },
    ...options.map(([value, text]) => make("option", { value }, text)),
  )
  return made
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return make("label", { className: "field" }, make("span", {}, text), field)
}
