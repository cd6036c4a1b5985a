/** What pointers, the wheel and keys ask of the map. */

export type Tool = "move" | "lasso" | "box"

export interface GestureEvents {
  hover(px: number, py: number): void
  leave(): void
  click(px: number, py: number): void
  pan(dx: number, dy: number): void
  /** False when there is nothing more to zoom: the page may scroll then. */
  zoom(px: number, py: number, factor: number): boolean
  reset(): void
  /** Corners so far, in pixels; `done` with the last. */
  outline(corners: [number, number][], done: boolean): void
  arrow(dx: number, dy: number): void
  enter(): void
  escape(): void
}

const STILL = 4 // pixels that a click may move
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const STEP = 8
const LARGE_STEP = 40

export class Gestures {
  tool: Tool = "move"
  private readonly down = new Map<number, [number, number]>()
  private from: [number, number] | null = null
  private moved = false
  private corners: [number, number][] = []
  private drawing: Tool = "move"

  constructor(
    private readonly element: HTMLElement,
    private readonly events: GestureEvents,
  ) {
    element.addEventListener("pointerdown", (event) => this.start(event))
    element.addEventListener("pointermove", (event) => this.move(event))
    element.addEventListener("pointerup", (event) => this.stop(event))
    element.addEventListener("pointercancel", (event) => this.stop(event))
    element.addEventListener("pointerleave", () => events.leave())
    element.addEventListener("dblclick", () => events.reset())
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false })
    element.addEventListener("keydown", (event) => this.key(event))
  }

  private at(event: MouseEvent): [number, number] {
    const place = this.element.getBoundingClientRect()
    return [event.clientX - place.left, event.clientY - place.top]
  }

  private start(event: PointerEvent): void {
    if (event.button !== 0) return
    const at = this.at(event)
    this.element.setPointerCapture(event.pointerId)
    this.down.set(event.pointerId, at)
    this.from = at
    this.moved = this.down.size > 1
    this.drawing = event.shiftKey && this.tool === "move" ? "lasso" : this.tool
    this.corners = [at]
  }

  private move(event: PointerEvent): void {
    const at = this.at(event)
    const before = this.down.get(event.pointerId)
    if (!before || !this.from) return this.events.hover(...at)
    const others = [...this.down.entries()].filter(([id]) => id !== event.pointerId)
    this.down.set(event.pointerId, at)
    const other = others[0]?.[1]
    if (other) return this.pinch(other, before, at)
    if (Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) > STILL) this.moved = true
    if (this.drawing === "move") {
      if (this.moved) this.events.pan(at[0] - before[0], at[1] - before[1])
      return
    }
    if (this.drawing === "lasso") this.corners.push(at)
    this.events.outline(this.outlined(at), false)
  }

  private pinch(other: [number, number], before: [number, number], now: [number, number]): void {
    const distance = (to: [number, number]) => Math.hypot(to[0] - other[0], to[1] - other[1]) || 1
    const middle: [number, number] = [(other[0] + now[0]) / 2, (other[1] + now[1]) / 2]
    this.events.zoom(...middle, distance(now) / distance(before))
    this.events.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2)
  }

  private stop(event: PointerEvent): void {
    if (!this.down.delete(event.pointerId) || this.down.size) return
    const at = this.at(event)
    if (!this.moved) this.events.click(...at)
    else if (this.drawing !== "move") this.events.outline(this.outlined(at), true)
    this.from = null
  }

  private outlined(at: [number, number]): [number, number][] {
    const first = this.corners[0]
    if (this.drawing === "lasso" || !first) return this.corners
    return [first, [at[0], first[1]], at, [first[0], at[1]]]
  }

  private wheel(event: WheelEvent): void {
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1
    const factor = Math.exp(-event.deltaY * lines * 0.0018)
    if (this.events.zoom(...this.at(event), factor)) event.preventDefault()
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { width, height } = this.element.getBoundingClientRect()
    const arrow = ARROWS[event.key]
    const step = event.shiftKey ? LARGE_STEP : STEP
    if (arrow) this.events.arrow(arrow[0] * step, arrow[1] * step)
    else if (event.key === "Enter") this.events.enter()
    else if (event.key === "Escape") this.events.escape()
    else if (event.key === "+") this.events.zoom(width / 2, height / 2, 1.4)
    else if (event.key === "-") this.events.zoom(width / 2, height / 2, 1 / 1.4)
    else if (event.key === "0") this.events.reset()
    else return
    event.preventDefault()
  }
}
