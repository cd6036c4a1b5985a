/** A - B + C: three pictures, what comes of them, and the training images nearest to it. */
import { put } from "../decoding/pixels"
import { button, make, picture } from "../page/dom"
import type { Codes, Pictures } from "../types"
import type { Frame, Item, Neighbour, WalkModel } from "./data"
import { draggable, droppable } from "./drag"
import { labelOfSum, sumOf } from "./sum"
import { itemButton } from "./tray"
import { codesOfFrames } from "./walk"

const NAMES = ["A", "B", "C"] as const
const SIGNS = ["", "−", "+"]

export interface ArithmeticEvents {
  add(frame: Frame): void
  steer(frame: Frame): void
  ask(frame: Frame, sequence: number): void
  decode(codes: Codes, done: (pictures: Pictures) => void): void
}

interface Term {
  select: HTMLSelectElement
  canvas: HTMLCanvasElement
  /** A picture that was dropped, chosen in the list as the last entry. */
  dropped: Frame | null
}

export class Arithmetic {
  readonly element: HTMLDetailsElement
  private readonly terms: Term[]
  private readonly result: HTMLCanvasElement
  private readonly near = make("div", { className: "items", aria: { role: "group", label: "nearest training images" } })
  private frames: Frame[] = []
  private items: Item[] = []
  private readonly decodedAs = make("span", { className: "note" })
  private sum: Frame | null = null
  private asked = 0
  private shownNear = ""

  constructor(
    private readonly model: WalkModel,
    private readonly events: ArithmeticEvents,
  ) {
    this.terms = NAMES.map((name) => this.term(name))
    const [, height, width] = model.shape
    this.result = picture("decoded A − B + C", width, height)
    draggable(this.result, () => this.sum && { frame: this.sum, from: null })
    const sides = this.terms.map(({ canvas, select }, i) => {
      const side = make("div", { className: "term" }, canvas, select)
      droppable(side, (what) => this.drop(i, what.frame))
      return [make("span", { className: "sign" }, SIGNS[i] ?? ""), side]
    })
    const take = (act: (frame: Frame) => void) => () => this.sum && act(this.sum)
    const result = make(
      "div",
      { className: "term" },
      this.result,
      this.decodedAs,
      make(
        "div",
        { className: "bar" },
        button("Add as key frame", "Put the result at the end of the key frames", take((frame) => events.add(frame))),
        button("To the sliders", "Take the result to the sliders page", take((frame) => events.steer(frame))),
      ),
    )
    const outcome = make("div", { className: "outcome" }, make("span", { className: "sign" }, "="), result)
    const equation = make("div", { className: "equation" }, ...sides.flat(), outcome)
    const near = make("div", { className: "near" }, make("span", { className: "note" }, "Nearest training images, by their codes"), this.near)
    this.element = make("details", { className: "arithmetic" }, make("summary", {}, "Arithmetic: A − B + C"), equation, near)
    this.element.addEventListener("toggle", () => this.compute())
  }

  /** What can be chosen from. */
  offer(frames: Frame[], items: Item[]): void {
    const first = this.frames.length ? null : firstTerms(items)
    this.frames = frames
    this.items = items
    this.terms.forEach((term, i) => {
      const old = first?.[i] ?? term.select.value
      this.fill(term)
      const values = [...term.select.options].map((option) => option.value)
      term.select.value = values.includes(old) ? old : "frame 0"
    })
    this.compute()
  }

  showNeighbours(sequence: number, neighbours: Neighbour[], full: boolean): void {
    const shown = `${sequence} ${full} ${neighbours.map((neighbour) => neighbour.row).join()}`
    if (sequence !== this.asked || shown === this.shownNear) return
    this.shownNear = shown
    this.near.replaceChildren(
      ...neighbours.map((neighbour) => {
        const far = make("span", { className: "far" }, neighbour.distance.toFixed(2))
        return make("span", { className: "neighbour" }, itemButton(neighbour, full, () => this.events.add(neighbour)), far)
      }),
    )
  }

  private term(name: string): Term {
    const [, height, width] = this.model.shape
    const select = make("select", { aria: { label: name } })
    select.onchange = () => this.compute()
    return { select, canvas: picture(`picture ${name}`, width, height), dropped: null }
  }

  private fill({ select, dropped }: Term): void {
    const option = (text: string, value: string) => make("option", { value }, text)
    const options = [
      ...this.frames.map((_, i) => option(`key frame ${i + 1}`, `frame ${i}`)),
      ...this.items.map((item, i) => option(item.source, `item ${i}`)),
    ]
    if (dropped) options.push(option(dropped.source, "dropped"))
    select.replaceChildren(...options)
  }

  private drop(i: number, frame: Frame): void {
    const term = this.terms[i]
    if (!term) return
    term.dropped = frame
    this.fill(term)
    term.select.value = "dropped"
    this.compute()
  }

  private chosen({ select, dropped }: Term): Frame | null {
    if (select.value === "dropped") return dropped
    const [kind, i] = select.value.split(" ")
    return (kind === "frame" ? this.frames : this.items)[Number(i)] ?? null
  }

  private compute(): void {
    if (!this.element.open) return
    const [a, b, c] = this.terms.map((term) => this.chosen(term))
    if (!a || !b || !c) return
    const z = sumOf(a, b, c)
    const label = labelOfSum(a, b, c)
    if (this.sum && this.sum.label === label && this.sum.z.every((value, d) => value === z[d])) return
    this.sum = { z, label, source: "A − B + C", row: null }
    this.decodedAs.textContent = label === null ? "" : `decoded as ${this.model.classes[label] ?? label}`
    this.events.decode(codesOfFrames([a, b, c, this.sum], this.model.classes.length), (pictures) => {
      const canvases = [...this.terms.map((term) => term.canvas), this.result]
      canvases.forEach((canvas, i) => put(canvas, pictures.rgba, this.model.shape, i))
    })
    this.asked = Date.now()
    this.events.ask(this.sum, this.asked)
  }
}

/** To begin with: the first key frame, and two pictures of one class, so that a style is carried over. */
function firstTerms(items: Item[]): string[] {
  const pair = items.findIndex((item, i) => items.findIndex((other) => other.label === item.label) < i)
  const twin = items.findIndex((item) => item.label === items[pair]?.label)
  return pair < 0 ? ["frame 0", "item 0", "item 1"] : ["frame 0", `item ${twin}`, `item ${pair}`]
}
