/** Where a film stands, and how it goes on; time comes from outside. */

export const REPEATS = ["once", "loop", "there and back"] as const
export type Repeat = (typeof REPEATS)[number]

export const LEG_SECONDS = 2 // from one key frame to the next at speed 1
const LONGEST_STEP = 250 // ms: a page that was in the background goes on where it was

export class Player {
  position = 0
  playing = false
  speed = 1
  repeat: Repeat = "there and back"
  private direction = 1

  constructor(private legs: number) {}

  /** Another number of legs: the position stays where it is possible. */
  reach(legs: number): void {
    this.legs = legs
    this.position = Math.min(this.position, legs)
  }

  /** Play from here; at the end of a film that is played once, from its start. */
  play(): void {
    this.playing = true
    if (this.repeat !== "there and back") this.direction = 1
    if (this.repeat === "once" && this.position >= this.legs) this.position = 0
  }

  pause(): void {
    this.playing = false
  }

  seek(position: number): void {
    this.position = Math.max(0, Math.min(this.legs, position))
  }

  /** Let so many milliseconds pass. */
  advance(milliseconds: number): void {
    if (!this.playing || this.legs <= 0) return
    const step = (Math.min(milliseconds, LONGEST_STEP) / 1000 / LEG_SECONDS) * this.speed
    let next = this.position + step * this.direction
    if (this.repeat === "once" && next >= this.legs) {
      this.playing = false
      next = this.legs
    } else if (this.repeat === "loop") {
      next = next > this.legs ? next % this.legs : next
    } else if (this.repeat === "there and back") {
      next = this.reflected(next)
    }
    this.position = Math.max(0, Math.min(this.legs, next))
  }

  private reflected(next: number): number {
    let at = next
    while (at < 0 || at > this.legs) {
      at = at < 0 ? -at : 2 * this.legs - at
      this.direction = -this.direction
    }
    return at
  }
}
