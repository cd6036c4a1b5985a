/** Pen, eraser, width, colour, and the way back. */
import { button, make } from "../page/dom"

export interface ToolEvents {
  undo(): void
  redo(): void
  clear(): void
}

type Words = readonly [label: string, help: string]

/** What lies beside a canvas. */
export interface Kit {
  /** What the pen leaves and what the eraser does: C numbers each. */
  pen: readonly number[]
  ground: readonly number[]
  /** Whether the pen's colour can be chosen. */
  hasColours: boolean
  /** Of the pen, in pixels. */
  width: { least: number; usual: number; most: number }
  words: { pen: Words; eraser: Words; clear: Words }
  /** Beside the way back. */
  more: HTMLButtonElement[]
}

export class Tools {
  readonly element: HTMLElement
  private readonly width: HTMLInputElement
  private readonly colour: HTMLInputElement | null
  private readonly penButton: HTMLButtonElement
  private readonly eraser: HTMLButtonElement
  private readonly undo: HTMLButtonElement
  private readonly redo: HTMLButtonElement
  private readonly clear: HTMLButtonElement
  private erases = false

  constructor(
    private readonly kit: Kit,
    events: ToolEvents,
  ) {
    const { least, usual, most } = kit.width
    this.width = make("input", {
      type: "range",
      min: String(least),
      max: String(most),
      step: "0.25",
      value: String(usual),
      aria: { label: "width of the pen" },
    })
    this.colour = kit.hasColours
      ? make("input", { type: "color", value: hex(kit.pen), aria: { label: "colour of the pen" } })
      : null
    this.penButton = button(...kit.words.pen, () => this.choose(false))
    this.eraser = button(...kit.words.eraser, () => this.choose(true))
    this.undo = button("Undo", "Back one step (Ctrl+Z)", () => events.undo())
    this.redo = button("Redo", "Forward one step (Ctrl+Shift+Z)", () => events.redo())
    this.clear = button(...kit.words.clear, () => events.clear())
    this.element = make(
      "div",
      { className: "tools" },
      make("div", { className: "bar" }, this.penButton, this.eraser, ...(this.colour ? [this.colour] : [])),
      make("label", { className: "width" }, "Width", this.width),
      make("div", { className: "bar" }, this.undo, this.redo, this.clear, ...kit.more),
    )
    this.choose(false)
  }

  pen(): { colour: readonly number[]; diameter: number } {
    const colour = this.erases ? this.kit.ground : this.colour ? fromHex(this.colour.value) : this.kit.pen
    return { colour, diameter: Number(this.width.value) }
  }

  showSteps(canUndo: boolean, canRedo: boolean, isEmpty: boolean): void {
    this.undo.disabled = !canUndo
    this.redo.disabled = !canRedo
    this.clear.disabled = isEmpty
  }

  private choose(erases: boolean): void {
    this.erases = erases
    this.penButton.setAttribute("aria-pressed", String(!erases))
    this.eraser.setAttribute("aria-pressed", String(erases))
  }
}

function hex(colour: readonly number[]): string {
  return `#${colour.map((c) => Math.round(255 * c).toString(16).padStart(2, "0")).join("")}`
}

function fromHex(text: string): number[] {
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16) / 255)
}
