/** Pen, eraser, width, colour, and the way back. */
import { button, make } from "../page/dom"
import type { DrawData } from "./data"

export interface ToolEvents {
  undo(): void
  redo(): void
  clear(): void
  centre(): void
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
    private readonly data: DrawData,
    events: ToolEvents,
  ) {
    const side = Math.min(data.model.shape[1], data.model.shape[2])
    const wide = Math.max(1, Math.round((side / 28) * 2.2 * 4) / 4) // as MNIST's strokes
    this.width = make("input", {
      type: "range",
      min: "0.5",
      max: String(Math.max(4, side / 4)),
      step: "0.25",
      value: String(wide),
      aria: { label: "width of the pen" },
    })
    const grey = data.model.shape[0] === 1
    this.colour = grey ? null : make("input", { type: "color", value: hex(data.pen), aria: { label: "colour of the pen" } })
    this.penButton = button("Pen", "Draw", () => this.choose(false))
    this.eraser = button("Eraser", "Draw with the ground", () => this.choose(true))
    this.undo = button("Undo", "Back one step (Ctrl+Z)", () => events.undo())
    this.redo = button("Redo", "Forward one step (Ctrl+Shift+Z)", () => events.redo())
    this.clear = button("Clear", "An empty canvas; Undo brings the drawing back", () => events.clear())
    this.element = make(
      "div",
      { className: "tools" },
      make("div", { className: "bar" }, this.penButton, this.eraser, ...(this.colour ? [this.colour] : [])),
      make("label", { className: "width" }, "Width", this.width),
      make(
        "div",
        { className: "bar" },
        this.undo,
        this.redo,
        this.clear,
        button("Centre", "Move the drawing's mass to the middle, as in centred data", () => events.centre()),
      ),
    )
    this.choose(false)
  }

  pen(): { colour: readonly number[]; diameter: number } {
    const colour = this.erases ? this.data.ground : this.colour ? fromHex(this.colour.value) : this.data.pen
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
