/** Which colour is what: classes that can be switched, or a bar of values. */
import { make } from "../page/dom"
import type { Columns, ValueScale } from "./columns"
import { valueColours } from "./colours"

export class Legend {
  readonly element: HTMLElement
  private readonly classes = make("div", { className: "entries", aria: { role: "group", label: "Classes" } })
  private readonly bar = make("div", { className: "value-bar" })
  private names: string[] = []
  private boxes: HTMLInputElement[] = []
  private readonly all: HTMLButtonElement

  /** `changed` is told which classes are shown. */
  constructor(private readonly changed: (shown: boolean[]) => void) {
    this.all = make("button", { type: "button", className: "quiet", onclick: () => this.showAll() }, "Show all")
    this.element = make("div", { className: "legend" }, this.bar, this.classes)
  }

  /** One a class, and always true for points without a label. */
  get shown(): boolean[] {
    return [...this.boxes.map((box) => box.checked), true]
  }

  showClasses(columns: Columns, colours: string[]): void {
    const { classes } = columns.header
    if (classes.join("\n") !== this.names.join("\n")) this.rebuild(classes)
    const counts = new Uint32Array(classes.length + 1)
    for (let i = 0; i < columns.n; i++) counts[columns.label[i]!]!++
    this.boxes.forEach((box, c) => {
      const entry = box.parentElement
      entry?.style.setProperty("--colour", colours[c] ?? "")
      if (entry) entry.title = `${counts[c]!.toLocaleString("en")} codes. Alt-click: this class alone.`
    })
    this.classes.hidden = !classes.length || counts[classes.length] === columns.n
    this.sayAll()
  }

  private rebuild(names: string[]): void {
    this.names = names
    this.boxes = names.map((name) =>
      make("input", { type: "checkbox", checked: true, aria: { label: name }, onchange: () => this.told() }),
    )
    const entries = this.boxes.map((box, c) => {
      const entry = make("label", { className: "entry" }, box, make("i"), make("span", {}, names[c] ?? ""))
      entry.addEventListener("click", (event) => {
        if (!event.altKey) return
        event.preventDefault()
        this.alone(c)
      })
      return entry
    })
    this.classes.replaceChildren(...entries, this.all)
  }

  private alone(c: number): void {
    const already = this.boxes.every((box, i) => box.checked === (i === c))
    this.boxes.forEach((box, i) => (box.checked = already || i === c))
    this.told()
  }

  private showAll(): void {
    for (const box of this.boxes) box.checked = true
    this.told()
  }

  private told(): void {
    this.sayAll()
    this.changed(this.shown)
  }

  private sayAll(): void {
    this.all.hidden = this.boxes.every((box) => box.checked)
  }

  /** `note`: why a value that was asked for cannot be shown. */
  showValue(scale: ValueScale | null, dark: boolean, note = ""): void {
    this.bar.hidden = !scale && !note
    this.bar.title = ""
    if (!scale) return this.bar.replaceChildren(make("span", { className: "note" }, note))
    const ramp = make("i", { className: "ramp" })
    const stops = valueColours(dark).filter((_, i) => i % 51 === 0)
    ramp.style.background = `linear-gradient(to right, ${stops.join(", ")})`
    const unit = scale.unit ? `, ${scale.unit}` : ""
    this.bar.title = "From the 1% to the 99% quantile; what lies beyond has the colour of that end."
    this.bar.replaceChildren(
      make("span", { className: "what" }, `${scale.title}${unit}`),
      make("span", {}, number(scale.low)),
      ramp,
      make("span", {}, number(scale.high)),
    )
  }
}

export function number(value: number): string {
  const size = Math.abs(value)
  return size >= 100 ? value.toFixed(0) : size >= 1 ? value.toFixed(1) : value.toFixed(2)
}
