/** Class chips, and the blend of the class with another one. */
import { make } from "../page/dom"
import type { Place } from "../types"

export interface ClassEvents {
  pick(label: number): void
  blend(other: number | null, share: number): void
  commit(): void
}

let groups = 0

export class ClassChips {
  readonly element: HTMLElement
  private readonly radios: HTMLInputElement[]
  private readonly other: HTMLSelectElement
  private readonly share: HTMLInputElement
  private readonly shareRow: HTMLElement

  constructor(names: string[], events: ClassEvents) {
    const group = `class-${++groups}`
    this.radios = names.map((name, label) =>
      make("input", {
        type: "radio",
        name: group,
        value: `${label}`,
        aria: { label: name },
        onchange: () => {
          events.pick(label)
          events.commit()
        },
      }),
    )
    const chips = this.radios.map((radio, i) =>
      make("label", { className: "chip" }, radio, make("span", {}, names[i] ?? "")),
    )
    this.share = make("input", {
      type: "range",
      min: "0",
      max: "1",
      step: "0.01",
      aria: { label: "blend" },
      oninput: () => events.blend(Number(this.other.value), this.share.valueAsNumber),
      onchange: () => events.commit(),
    })
    this.other = make(
      "select",
      {
        aria: { label: "blend with" },
        onchange: () => {
          const chosen = this.other.value === "" ? null : Number(this.other.value)
          events.blend(chosen, chosen === null ? 0 : 0.5)
          events.commit()
        },
      },
      make("option", { value: "" }, "no other class"),
      ...names.map((name, label) => make("option", { value: `${label}` }, name)),
    )
    this.shareRow = make("span", { className: "share" }, this.share)
    this.element = make(
      "fieldset",
      { className: "classes" },
      make("legend", {}, "Class c"),
      make("div", { className: "chips", aria: { role: "radiogroup", label: "Class" } }, ...chips),
      make("div", { className: "blend" }, "Blend with", this.other, this.shareRow),
    )
  }

  show(place: Place): void {
    const radio = this.radios[place.label ?? -1]
    if (radio) radio.checked = true
    this.other.value = place.other === null ? "" : `${place.other}`
    this.shareRow.hidden = place.other === null
    this.share.value = `${place.blend}`
  }
}
