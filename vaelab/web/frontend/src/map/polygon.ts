/** Which points lie inside a polygon. */
import { extent } from "./grid_index"

export interface Polygon {
  x: Float32Array
  y: Float32Array
}

export function polygonOf(corners: readonly (readonly [number, number])[]): Polygon {
  return {
    x: Float32Array.from(corners, (corner) => corner[0]),
    y: Float32Array.from(corners, (corner) => corner[1]),
  }
}

/**
 * Positions of the points inside, ascending: even-odd rule, so a loop inside a loop is outside.
 *
 * The corners are sorted into horizontal bands once, so that a point looks at the few edges that
 * cross its band; `shown[label]` leaves out the points of classes that are switched off.
 */
export function pointsInside(
  polygon: Polygon,
  x: Float32Array,
  y: Float32Array,
  label?: Uint16Array,
  shown?: readonly boolean[],
): Uint32Array<ArrayBuffer> {
  const inside = new Uint32Array(x.length)
  const [left, right] = extent(polygon.x)
  const [low, high] = extent(polygon.y)
  if (polygon.x.length < 3 || !(high > low)) return inside.slice(0, 0)
  const bands = new Bands(polygon, low, high)
  let n = 0
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!
    const py = y[i]!
    if (px < left || px > right || py < low || py > high) continue
    if (label && shown && shown[label[i]!] === false) continue
    if (bands.holds(px, py)) inside[n++] = i
  }
  return inside.slice(0, n)
}

const BANDS = 256

class Bands {
  private readonly edges: Uint32Array[]
  private readonly perUnit: number

  constructor(
    private readonly polygon: Polygon,
    private readonly low: number,
    high: number,
  ) {
    this.perUnit = BANDS / (high - low)
    const lists: number[][] = Array.from({ length: BANDS }, () => [])
    const { y } = polygon
    for (let i = 0; i < y.length; i++) {
      const next = y[(i + 1) % y.length]!
      const from = this.band(Math.min(y[i]!, next))
      const to = this.band(Math.max(y[i]!, next))
      for (let b = from; b <= to; b++) lists[b]!.push(i)
    }
    this.edges = lists.map((list) => Uint32Array.from(list))
  }

  private band(y: number): number {
    return Math.min(BANDS - 1, Math.max(0, Math.floor((y - this.low) * this.perUnit)))
  }

  /** Counts the edges to the right of the point. */
  holds(px: number, py: number): boolean {
    const { x, y } = this.polygon
    const edges = this.edges[this.band(py)]!
    let odd = false
    for (let e = 0; e < edges.length; e++) {
      const i = edges[e]!
      const j = i + 1 === x.length ? 0 : i + 1
      const yi = y[i]!
      const yj = y[j]!
      if (yi > py === yj > py) continue
      if (px < ((x[j]! - x[i]!) * (py - yi)) / (yj - yi) + x[i]!) odd = !odd
    }
    return odd
  }
}
