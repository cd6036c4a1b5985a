/** One axis: its slider over the data's density, and what dragging it will show. */
import { make } from "../page/dom"
import { put } from "../decoding/pixels"
import { coordinate, moved } from "../space/axes"
import type { Axis, ModelData, Pictures, Place } from "../types"

export const STRIP = 9 // pictures along an axis
const STEPS = 200 // of a slider
const WHEEL_STEPS = 2
const DIGITS = 4 // of what a strip depends on

export interface AxisEvents {
  input(axis: Axis, value: number): void
  /** A drag or a key press has ended. */
  commit(): void
  reset(axis: Axis): void
  /** The axis was locked or freed. */
  lock(): void
}

export class AxisRow {
  readonly element: HTMLElement
  readonly input: HTMLInputElement
  private readonly value = make("output", { className: "value" })
  private readonly strip: HTMLCanvasElement
  private readonly density: HTMLElement
  private readonly lock: HTMLButtonElement
  private low: number
  private high: number
  private shown = "" // what the strip's pictures depend on; empty while some are old
  private wanted = ""

  constructor(
    readonly axis: Axis,
    private readonly model: ModelData,
    private readonly events: AxisEvents,
  ) {
    ;[this.low, this.high] = [axis.low, axis.high]
    this.input = make("input", { type: "range", aria: { label: axis.name } })
    this.strip = make("canvas", {
      className: "strip",
      width: model.shape[2] * STRIP,
      height: model.shape[1],
      aria: { hidden: "true" },
    })
    this.lock = make("button", {
      type: "button",
      className: "lock",
      title: `Lock ${axis.name}: random, reset and the sliders leave it`,
      aria: { label: `lock ${axis.name}`, pressed: "false" },
    })
    this.density = densityOf(axis)
    const name = make("span", { className: "name", title: axis.name }, axis.name)
    const title = make("span", { className: "amount" }, axis.title)
    this.element = make(
      "div",
      { className: "axis" },
      make("div", { className: "head" }, name, title, this.value, this.lock),
      make("div", { className: "track" }, this.density, this.input),
      this.strip,
    )
    this.listen()
    this.show(axis.median)
  }

  get locked(): boolean {
    return this.input.disabled
  }

  /**
   * The places of the strip's pictures around `place`, along which the `held` axes stay; none if
   * they are what it shows.
   */
  stops(place: Place, held: readonly Axis[]): Place[] {
    const { z, ...rest } = place
    const { axis, low } = this
    const step = (this.high - low) / STRIP
    const foot = moved(axis, z, low, held).map((value) => value.toFixed(DIGITS))
    const depends = JSON.stringify([low, step, rest, foot, held.map(({ name }) => name)])
    if (depends === this.shown) return []
    this.shown = ""
    this.wanted = depends
    return Array.from({ length: STRIP }, (_, i) => ({
      ...rest,
      z: moved(axis, z, low + (i + 0.5) * step, held),
    }))
  }

  /** Move the thumb to where z stands; unless told otherwise, only if it is not there. */
  follow(z: readonly number[], always: boolean): void {
    const value = coordinate(this.axis, z)
    const off = Math.abs(value - this.input.valueAsNumber)
    if (always || off > 0.51 * Number(this.input.step)) this.show(value)
  }

  /** Move the thumb; a value outside the data's range widens it for good. */
  private show(value: number): void {
    this.low = Math.min(this.low, value)
    this.high = Math.max(this.high, value)
    const step = (this.high - this.low) / STEPS
    Object.assign(this.input, { min: `${this.low}`, max: `${this.high}`, step: `${step}` })
    this.input.value = `${value}`
    const share = (length: number) => `calc(7px + (100% - 14px) * ${length / (this.high - this.low)})`
    this.density.style.left = share(this.axis.low - this.low)
    this.density.style.right = share(this.high - this.axis.high)
    this.label(value)
  }

  showStrip(pictures: Pictures, from: number): void {
    const { shape } = this.model
    for (let i = 0; i < pictures.n; i++) {
      put(this.strip, pictures.rgba, shape, i, (from + i) * shape[2])
    }
    if (from + pictures.n === STRIP) this.shown = this.wanted
  }

  private label(value: number): void {
    const text = value.toFixed(2).replace(/^-(0\.00)$/, "$1").replace("-", "−")
    this.value.textContent = text
    this.input.setAttribute("aria-valuetext", text)
  }

  private listen(): void {
    const { axis } = this
    this.input.addEventListener("input", () => {
      this.events.input(axis, this.input.valueAsNumber) // first: the worker is waiting
      this.label(this.input.valueAsNumber)
    })
    this.input.addEventListener("change", () => this.events.commit())
    this.element.querySelector(".track")?.addEventListener("dblclick", () => {
      if (!this.input.disabled) this.events.reset(axis)
    })
    this.input.addEventListener("wheel", (event) => this.wheel(event), { passive: false })
    this.lock.addEventListener("click", () => {
      const locked = !this.input.disabled
      this.input.disabled = locked
      this.lock.setAttribute("aria-pressed", `${locked}`)
      this.events.lock()
    })
  }

  /** The wheel moves the slider that has the focus; over any other it scrolls the page. */
  private wheel(event: WheelEvent): void {
    const root = this.input.getRootNode() as Document | ShadowRoot
    if (root.activeElement !== this.input || this.input.disabled) return
    event.preventDefault()
    const steps = event.deltaY > 0 ? -WHEEL_STEPS : WHEEL_STEPS
    this.input.valueAsNumber += steps * Number(this.input.step)
    this.label(this.input.valueAsNumber)
    this.events.input(this.axis, this.input.valueAsNumber)
    this.events.commit()
  }
}

/** Bars of the data's density along the axis; nothing where no data lives. */
function densityOf(axis: Axis): HTMLElement {
  const bars = axis.density.map((share) => {
    const bar = make("i")
    bar.style.setProperty("--share", share.toFixed(3))
    if (share === 0) bar.className = "empty"
    return bar
  })
  return make("div", { className: "density", aria: { hidden: "true" } }, ...bars)
}
