/** What the address and Python hear of the place: a little later, and never while a slider is held. */
import type { Place } from "../types"
import type { Origin } from "./origin"
import { rounded } from "./share"

const AFTER = 250 // ms: of several key presses the last is told

/** What the component tells Python; kept there as its state. */
export type Told = Place & { mode: string }

export class Reporter {
  private held = false
  private timer = 0
  private unsent = false

  constructor(
    private readonly now: () => Told,
    private readonly link: Origin["link"],
    private tell: (told: Told) => void,
  ) {}

  /** Python has run again and listens elsewhere. */
  use(tell: (told: Told) => void): void {
    this.tell = tell
  }

  schedule(): void {
    clearTimeout(this.timer)
    this.unsent = true
    this.timer = window.setTimeout(() => {
      if (this.held) return
      this.unsent = false
      const told = this.now()
      if (this.link) history.replaceState(history.state, "", this.link(told, told.mode))
      this.tell({ ...told, z: rounded(told.z) })
    }, AFTER)
  }

  /** A pointer that goes down in `element` holds, until it goes up anywhere. */
  listen(element: HTMLElement, signal: AbortSignal): void {
    element.addEventListener("pointerdown", () => (this.held = true))
    const released = () => {
      if (this.held && this.unsent) this.schedule()
      this.held = false
    }
    for (const name of ["pointerup", "pointercancel"]) {
      window.addEventListener(name, released, { signal })
    }
  }

  end(): void {
    clearTimeout(this.timer)
  }
}
