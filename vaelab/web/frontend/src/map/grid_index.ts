/** Nearest points on the plane: points sorted into square cells, searched ring by ring. */

const PER_CELL = 2 // points in a cell on average
const MOST_CELLS = 2 ** 21

export interface Near {
  positions: number[]
  /** Euclidean, ascending. */
  distances: number[]
}

export class GridIndex {
  private readonly low: [number, number]
  private readonly size: number
  private readonly columns: number
  private readonly rows: number
  /** Points of cell c are `ids[starts[c]]` to `ids[starts[c + 1] - 1]`. */
  private readonly starts: Uint32Array
  private readonly ids: Uint32Array

  constructor(
    private readonly x: Float32Array,
    private readonly y: Float32Array,
  ) {
    const n = x.length
    const [lowX, highX] = extent(x)
    const [lowY, highY] = extent(y)
    this.low = [lowX, lowY]
    const [width, height] = [highX - lowX, highY - lowY]
    const cells = Math.min(MOST_CELLS, Math.max(1, n / PER_CELL))
    const longer = Math.max(width, height) || 1
    this.size = Math.max(Math.sqrt((width * height) / cells), longer / cells)
    this.columns = Math.floor(width / this.size) + 1
    this.rows = Math.floor(height / this.size) + 1
    this.starts = new Uint32Array(this.columns * this.rows + 1)
    this.ids = new Uint32Array(n)
    this.fill()
  }

  private fill(): void {
    const { x, y, starts, ids } = this
    const n = x.length
    const cells = new Uint32Array(n)
    for (let i = 0; i < n; i++) {
      const cell = this.row(y[i]!) * this.columns + this.column(x[i]!)
      cells[i] = cell
      starts[cell + 1]!++
    }
    for (let c = 1; c < starts.length; c++) starts[c]! += starts[c - 1]!
    const next = starts.slice()
    for (let i = 0; i < n; i++) ids[next[cells[i]!]!++] = i
  }

  private column(x: number): number {
    return clamp(Math.floor((x - this.low[0]) / this.size), this.columns - 1)
  }

  private row(y: number): number {
    return clamp(Math.floor((y - this.low[1]) / this.size), this.rows - 1)
  }

  /** The k points nearest to a place for which `wanted` holds, fewer where there are fewer. */
  nearest(x: number, y: number, k = 1, wanted?: (position: number) => boolean): Near {
    const found: Near = { positions: [], distances: [] }
    const [column, row] = [this.column(x), this.row(y)]
    const rings = Math.max(this.columns, this.rows)
    for (let ring = 0; ring < rings; ring++) {
      const full = found.positions.length === k
      if (full && this.closed(x, y, column, row, ring) > found.distances[k - 1]!) break
      this.searchRing(column, row, ring, x, y, k, found, wanted)
    }
    return found
  }

  /** How far a point outside the rings before `ring` is from the place, at least. */
  private closed(x: number, y: number, column: number, row: number, ring: number): number {
    const [left, below] = [column - ring + 1, row - ring + 1]
    const [right, above] = [column + ring, row + ring]
    return Math.min(
      left > 0 ? x - (this.low[0] + left * this.size) : Infinity,
      right < this.columns ? this.low[0] + right * this.size - x : Infinity,
      below > 0 ? y - (this.low[1] + below * this.size) : Infinity,
      above < this.rows ? this.low[1] + above * this.size - y : Infinity,
    )
  }

  private searchRing(
    column: number,
    row: number,
    ring: number,
    x: number,
    y: number,
    k: number,
    found: Near,
    wanted?: (position: number) => boolean,
  ): void {
    for (let r = Math.max(0, row - ring); r <= Math.min(this.rows - 1, row + ring); r++) {
      const whole = Math.abs(r - row) === ring
      const step = whole || ring === 0 ? 1 : 2 * ring
      for (let c = column - ring; c <= column + ring; c += step) {
        if (c < 0 || c >= this.columns) continue
        const cell = r * this.columns + c
        for (let j = this.starts[cell]!; j < this.starts[cell + 1]!; j++) {
          const i = this.ids[j]!
          if (wanted && !wanted(i)) continue
          insert(found, i, Math.hypot(this.x[i]! - x, this.y[i]! - y), k)
        }
      }
    }
  }
}

/** Keeps the k nearest in ascending order. */
function insert(found: Near, position: number, distance: number, k: number): void {
  const { positions, distances } = found
  if (positions.length === k && distance >= distances[k - 1]!) return
  let at = positions.length
  while (at > 0 && distances[at - 1]! > distance) at--
  positions.splice(at, 0, position)
  distances.splice(at, 0, distance)
  if (positions.length > k) {
    positions.pop()
    distances.pop()
  }
}

/** Least and greatest; 0 and 0 for nothing. */
export function extent(values: Float32Array): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < low) low = value
    if (value > high) high = value
  }
  return values.length ? [low, high] : [0, 0]
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value
}
