/** The sliders of one mode, and the choice of what they move along. */
import { type AxisEvents, AxisRow } from "./axis_row"
import { button, make } from "../page/dom"
import { LATENT } from "../space/axes"
import type { Axis, AxisSet, Mode, ModelData } from "../types"

export interface ModeEvents {
  /** Another mode is wanted, or the axes of a local one around where z is now. */
  enter(mode: Mode): void
}

export class AxisPanel {
  readonly element: HTMLElement
  rows: AxisRow[] = []
  private readonly choice: HTMLSelectElement
  private readonly note = make("p", { className: "note", aria: { live: "polite" } })
  private readonly here: HTMLButtonElement
  private readonly list = make("div", { className: "axis-list" })

  constructor(
    private readonly model: ModelData,
    private readonly events: AxisEvents & ModeEvents,
  ) {
    this.choice = make(
      "select",
      { aria: { label: "axes" }, onchange: () => this.events.enter(this.mode) },
      ...model.modes.map(({ name, title }) => make("option", { value: name }, title)),
    )
    this.here = button("Take axes here", "The axes around the picture as it is now", () =>
      this.events.enter(this.mode),
    )
    const bar = make("div", { className: "bar along", hidden: model.modes.length < 2 }, "Move along", this.choice, this.here)
    this.element = make("section", { className: "axis-panel" }, bar, this.note, this.list)
    this.show(this.find(LATENT), model.axes, model.unusedReason, 0)
  }

  /** The mode chosen. */
  get mode(): Mode {
    return this.find(this.choice.value)
  }

  /** Axes whose coordinates stay. */
  get held(): Axis[] {
    return this.rows.filter((row) => row.locked).map((row) => row.axis)
  }

  /** The mode of that name; the latent dimensions where the model has none. */
  find(name: string): Mode {
    const latent = { name: LATENT, title: "Latent dimensions", note: "", local: false }
    return this.model.modes.find((mode) => mode.name === name) ?? latent
  }

  /** Sliders of a mode that are there; none are locked. */
  showSet(mode: Mode, { axes, unusedReason, left }: AxisSet): void {
    this.show(mode, axes, unusedReason, left)
  }

  /** Say why the mode has not been entered, and stay in this one. */
  refuse(mode: Mode, reason: string): void {
    this.choice.value = mode.name
    this.note.textContent = reason
  }

  /** Move all thumbs to where z stands. */
  follow(z: readonly number[], always = false): void {
    for (const row of this.rows) row.follow(z, always)
  }

  private show(mode: Mode, axes: Axis[], unusedReason: string, left: number): void {
    this.choice.value = mode.name
    this.note.textContent = mode.note + (left ? ` ${left} more are not shown.` : "")
    this.here.hidden = !mode.local
    this.rows = axes.map((axis) => new AxisRow(axis, this.model, this.events))
    const used = this.rows.filter((row) => !row.axis.unused)
    const unused = this.rows.filter((row) => row.axis.unused)
    const kind = mode.name === LATENT ? "dimensions" : "axes"
    const folded = make(
      "details",
      {},
      make("summary", {}, `${unused.length} unused of ${this.rows.length} ${kind}`),
      make("p", { className: "note" }, unusedReason),
      grid(unused),
    )
    this.list.replaceChildren(
      ...(used.length ? [grid(used)] : [make("p", { className: "note" }, nothing(mode))]),
      ...(unused.length ? [folded] : []),
    )
  }
}

function grid(rows: AxisRow[]): HTMLElement {
  return make("div", { className: "axes" }, ...rows.map((row) => row.element))
}

function nothing(mode: Mode): string {
  return mode.name === LATENT
    ? "No dimension carries anything: the picture is the same for every code."
    : "There is no such axis yet."
}
