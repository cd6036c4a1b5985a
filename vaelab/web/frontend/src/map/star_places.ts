/** Uploaded pictures on the map: where they lie, and which one was clicked. */
import type { Star } from "./data"
import type { Plot } from "./plot"
import type { Settings } from "./settings"
import type { Source } from "./source"

const NEAR = 14 // pixels

interface Placed {
  star: Star
  at: [number, number]
}

export class StarPlaces {
  private placed: Placed[] = []

  constructor(
    private readonly plot: Plot,
    private readonly source: Source,
  ) {}

  /** Ask where these lie on the map shown; rejects where that cannot be had. */
  async place(stars: Star[], settings: Settings, signal: AbortSignal): Promise<void> {
    const codes = stars.map(({ z }) => z)
    const places = codes.length ? await this.source.place(settings, codes, signal) : []
    this.placed = stars.map((star, i) => ({ star, at: places[i]! }))
    this.plot.marks.stars = this.placed.map(({ star, at }) => ({ at, name: star.name }))
    this.plot.repaint()
  }

  /** Other points: the places are not known any more. */
  clear(): void {
    this.placed = []
    this.plot.marks.stars = []
  }

  get newest(): Placed | undefined {
    return this.placed.at(-1)
  }

  /** The one that is drawn there. */
  at(px: number, py: number): Placed | undefined {
    return this.placed.find(({ at }) => {
      const [sx, sy] = this.plot.view.toScreen(...at)
      return Math.hypot(sx - px, sy - py) < NEAR
    })
  }
}
