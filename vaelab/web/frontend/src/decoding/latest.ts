/** Asks one thing at a time: the latest request wins, and none is queued behind it. */
import { Frame } from "./frame"

export class Latest<Asked, Answer> {
  private wanted: Asked | null = null
  private busy = false
  private readonly frame: Frame

  /**
   * `answer` is called with one request at a time, `paint` at most once an animation frame.
   * `failed` says whether the request is to be tried again (elsewhere, by then).
   */
  constructor(
    private readonly answer: (asked: Asked) => Promise<Answer>,
    private readonly paint: (answer: Answer) => void,
    private readonly failed: (error: unknown) => boolean,
    nextFrame: (callback: () => void) => void = (callback) => void requestAnimationFrame(callback),
  ) {
    this.frame = new Frame(nextFrame)
  }

  ask(asked: Asked): void {
    this.wanted = asked
    void this.pump()
  }

  private async pump(): Promise<void> {
    if (this.busy || this.wanted === null) return
    const asked = this.wanted
    this.wanted = null
    this.busy = true
    try {
      const answer = await this.answer(asked)
      this.frame.paint(() => this.paint(answer))
    } catch (error) {
      if (this.failed(error)) this.wanted ??= asked
    } finally {
      this.busy = false
    }
    void this.pump()
  }
}
