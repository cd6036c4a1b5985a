/** How densely the points lie: a smoothed histogram, and its contours by marching squares. */

export interface Field {
  columns: number
  rows: number
  /** Counts at the cells' centres, row by row from below. */
  values: Float32Array
  /** The place of the first cell's centre, and how far apart centres are. */
  origin: [number, number]
  step: [number, number]
}

/** Ends of a piece of a contour: x1, y1, x2, y2. */
export type Segments = Float32Array

/** Points per cell, smoothed by three passes of a box blur: close to a Gaussian. */
export function densityOf(
  x: Float32Array,
  y: Float32Array,
  box: { low: [number, number]; high: [number, number] },
  cells = 96,
  wanted?: (position: number) => boolean,
): Field {
  const step: [number, number] = [
    (box.high[0] - box.low[0]) / cells || 1,
    (box.high[1] - box.low[1]) / cells || 1,
  ]
  const counts = new Float32Array(cells * cells)
  for (let i = 0; i < x.length; i++) {
    if (wanted && !wanted(i)) continue
    const column = Math.floor((x[i]! - box.low[0]) / step[0])
    const row = Math.floor((y[i]! - box.low[1]) / step[1])
    if (column >= 0 && column < cells && row >= 0 && row < cells) counts[row * cells + column]!++
  }
  let values = counts
  for (let pass = 0; pass < 3; pass++) values = blurred(blurred(values, cells, 1), cells, cells)
  const origin: [number, number] = [box.low[0] + step[0] / 2, box.low[1] + step[1] / 2]
  return { columns: cells, rows: cells, values, origin, step }
}

/** Means of three along one direction (`stride` 1: rows, else columns) of a square field. */
function blurred(values: Float32Array, cells: number, stride: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length)
  const other = stride === 1 ? cells : 1
  for (let line = 0; line < cells; line++) {
    for (let i = 0; i < cells; i++) {
      const at = line * other + i * stride
      const before = i > 0 ? values[at - stride]! : 0
      const after = i < cells - 1 ? values[at + stride]! : 0
      out[at] = (before + values[at]! + after) / 3
    }
  }
  return out
}

/** Levels that hold these shares of all points: the inner contours first in `shares`' order. */
export function levelsFor(field: Field, shares: readonly number[]): number[] {
  const sorted = field.values.slice().sort().reverse()
  const total = sorted.reduce((sum, value) => sum + value, 0)
  return shares.map((share) => {
    let sum = 0
    for (const value of sorted) {
      sum += value
      if (sum >= share * total) return value
    }
    return 0
  })
}

// Edges of a cell: 0 below, 1 right, 2 above, 3 left; a cell's case has bit 1 for its lower left
// corner above the level, 2 lower right, 4 upper right, 8 upper left.
const CASES: readonly (readonly number[])[] = [
  [], [3, 0], [0, 1], [3, 1], [1, 2], [3, 2, 0, 1], [0, 2], [3, 2],
  [2, 3], [2, 0], [0, 3, 1, 2], [2, 1], [1, 3], [1, 0], [0, 3], [],
]

/** Where the field crosses a level, in the field's units. */
export function contour(field: Field, level: number): Segments {
  const { columns, rows, values } = field
  const out: number[] = []
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column
      const corners = [values[at]!, values[at + 1]!, values[at + columns + 1]!, values[at + columns]!]
      let which = 0
      for (let c = 0; c < 4; c++) if (corners[c]! > level) which |= 1 << c
      for (const edge of CASES[which]!) {
        const [x, y] = crossing(edge, corners, level)
        out.push(field.origin[0] + (column + x) * field.step[0])
        out.push(field.origin[1] + (row + y) * field.step[1])
      }
    }
  }
  return Float32Array.from(out)
}

/** Where along an edge of the unit cell the level is met. */
function crossing(edge: number, corners: readonly number[], level: number): [number, number] {
  const [from, to] = [corners[edge]!, corners[(edge + 1) % 4]!]
  const t = (level - from) / (to - from)
  return edge === 0 ? [t, 0] : edge === 1 ? [1, t] : edge === 2 ? [1 - t, 1] : [0, 1 - t]
}
