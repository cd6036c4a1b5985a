/** The picture, its second one for comparison, what can be done with them, and where it is decoded. */
import { button, make, picture } from "../page/dom"
import { put } from "../decoding/pixels"
import type { ModelData, Pictures } from "../types"

export interface PanelEvents {
  random(): void
  undo(): void
  redo(): void
  home(): void
  pin(): void
  swap(): void
  save(): void
  copyJson(): void
  copyPython(): void
  copyLink(): void
}

export class Panel {
  readonly element: HTMLElement
  readonly canvas: HTMLCanvasElement
  private readonly pinned: HTMLCanvasElement
  private readonly spread: HTMLCanvasElement
  private readonly second: HTMLElement
  private readonly third: HTMLElement
  private readonly about = make("figcaption", {}, "Decoded from z")
  private readonly scale = make("figcaption")
  private readonly status = make("p", { className: "note", aria: { role: "status" } })
  private readonly said = make("p", { className: "note said", aria: { live: "polite" } })
  private readonly undo: HTMLButtonElement
  private readonly redo: HTMLButtonElement
  private readonly pin: HTMLButtonElement
  private readonly swap: HTMLButtonElement

  constructor(
    private readonly model: ModelData,
    events: PanelEvents,
    hasLink: boolean,
    ...below: Node[]
  ) {
    const [, height, width] = model.shape
    this.canvas = picture("decoded image", width, height)
    this.pinned = picture("pinned image", width, height)
    this.spread = picture("standard deviation of each pixel", width, height)
    this.second = make("figure", { hidden: true }, this.pinned, make("figcaption", {}, "B, pinned"))
    this.third = make("figure", { hidden: true }, this.spread, this.scale)
    const first = make("figure", {}, this.canvas, this.about)
    this.undo = button("Undo", "Back one step (Ctrl+Z)", () => events.undo())
    this.redo = button("Redo", "Forward one step (Ctrl+Shift+Z)", () => events.redo())
    this.pin = button("Pin as B", "Keep this picture beside the next ones", () => events.pin())
    this.swap = button("Swap A and B", "Go to B and keep A", () => events.swap())
    this.swap.hidden = true
    this.element = make(
      "section",
      { className: "panel" },
      make("div", { className: "pictures" }, first, this.second, this.third),
      this.status,
      make(
        "div",
        { className: "bar" },
        button("Random", model.randomHelp, () => events.random()),
        button("Reset", "Back to the middle of the data's codes", () => events.home()),
        this.undo,
        this.redo,
        this.pin,
        this.swap,
      ),
      ...below,
      make(
        "div",
        { className: "bar" },
        button("Save PNG", "The picture as a file", () => events.save()),
        button("Copy JSON", "z as JSON", () => events.copyJson()),
        button("Copy Python", "A script that decodes this z", () => events.copyPython()),
        ...(hasLink ? [button("Copy link", "An address that comes back here", () => events.copyLink())] : []),
      ),
      this.said,
    )
  }

  show(pictures: Pictures): void {
    put(this.canvas, pictures.rgba, this.model.shape)
    if (this.third.hidden !== !pictures.std) this.third.hidden = !pictures.std // else no new layout
    if (pictures.std) {
      put(this.spread, pictures.std, this.model.shape)
      this.scale.textContent = `std of each pixel, white is ${pictures.stdMax.toFixed(2)}`
    }
  }

  showPinned(): void {
    this.second.hidden = false
    this.about.textContent = "A, decoded from z"
    this.swap.hidden = false
    this.pinned.getContext("2d")?.drawImage(this.canvas, 0, 0)
  }

  showSteps(canUndo: boolean, canRedo: boolean): void {
    this.undo.disabled = !canUndo
    this.redo.disabled = !canRedo
  }

  showStatus(text: string): void {
    if (this.status.textContent !== text) this.status.textContent = text
  }

  say(text: string): void {
    this.said.textContent = text
  }

  /** Text that could not be copied, to be copied by hand. */
  offer(text: string): void {
    const area = make("textarea", { value: text, readOnly: true, rows: 4 })
    this.said.replaceChildren("Copy it from here:", area)
    area.select()
  }
}
