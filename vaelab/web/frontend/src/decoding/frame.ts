/** At most one paint an animation frame: the first at once, of later ones the last, at the next. */
export class Frame {
  private painted = false
  private waiting: (() => void) | null = null

  constructor(private readonly nextFrame: (callback: () => void) => void) {}

  paint(draw: () => void): void {
    if (this.painted) {
      this.waiting = draw
      return
    }
    this.painted = true
    draw()
    this.nextFrame(() => {
      this.painted = false
      const draw = this.waiting
      this.waiting = null
      if (draw) this.paint(draw)
    })
  }
}
