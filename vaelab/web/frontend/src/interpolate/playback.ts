/** Moves a player along with the display's frames for as long as it plays. */
import type { Player } from "./player"

type NextFrame = (callback: (now: number) => void) => void

export class Playback {
  private ticking = false
  private ended = false
  private last = 0

  constructor(
    private readonly player: Player,
    /** The player stands elsewhere, or has begun or stopped. */
    private readonly show: () => void,
    private readonly nextFrame: NextFrame = (callback) => void requestAnimationFrame(callback),
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** The player has been told something: show it, and go on while it plays. */
  moved(): void {
    this.show()
    if (!this.player.playing || this.ticking || this.ended) return
    this.ticking = true
    this.last = this.clock()
    this.nextFrame((now) => this.tick(now))
  }

  /** The page has gone: no further frame. */
  end(): void {
    this.ended = true
  }

  private tick(now: number): void {
    this.ticking = this.player.playing && !this.ended
    if (!this.ticking) return
    this.player.advance(Math.max(0, now - this.last))
    this.last = now
    this.show()
    this.nextFrame((next) => this.tick(next))
  }
}
