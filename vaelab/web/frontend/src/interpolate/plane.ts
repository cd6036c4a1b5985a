/** The two principal axes of the codes as a plane to draw on. */
import type { MapAxes } from "./data"

export type Point = [x: number, y: number]

export interface Box {
  left: number
  right: number
  bottom: number
  top: number
}

export function place(map: MapAxes, z: ArrayLike<number>): Point {
  const along = (axis: number[] | undefined) =>
    (axis ?? []).reduce((sum, weight, d) => sum + weight * ((z[d] ?? 0) - (map.origin[d] ?? 0)), 0)
  return [along(map.axes[0]), along(map.axes[1])]
}

/** The smallest box around the points, a little wider; never without a width. */
export function boxAround(points: readonly Point[], margin = 0.06): Box {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity }
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.bottom = Math.min(box.bottom, y)
    box.top = Math.max(box.top, y)
  }
  if (!points.length) return { left: -1, right: 1, bottom: -1, top: 1 }
  const [dx, dy] = [box.right - box.left || 1, box.top - box.bottom || 1]
  box.left -= margin * dx
  box.right += margin * dx
  box.bottom -= margin * dy
  box.top += margin * dy
  return box
}

/** A place of the plane on a canvas, whose y goes down. */
export function onCanvas(box: Box, [x, y]: Point, width: number, height: number): Point {
  return [
    ((x - box.left) / (box.right - box.left)) * width,
    (1 - (y - box.bottom) / (box.top - box.bottom)) * height,
  ]
}

/** The point nearest to a place, within `reach`; null if there is none. */
export function nearestPoint(points: readonly Point[], at: Point, reach = Infinity): number | null {
  let [best, least] = [-1, reach * reach]
  points.forEach(([x, y], i) => {
    const squared = (x - at[0]) ** 2 + (y - at[1]) ** 2
    if (squared <= least) [best, least] = [i, squared]
  })
  return best < 0 ? null : best
}

/** The nearest point in a direction (dx, dy), within 45 degrees of it: for the arrow keys. */
export function nextPoint(points: readonly Point[], from: number, dx: number, dy: number): number {
  const start = points[from]
  if (!start) return 0
  let [best, least] = [from, Infinity]
  points.forEach(([x, y], i) => {
    const [u, v] = [x - start[0], y - start[1]]
    const ahead = u * dx + v * dy
    const aside = Math.abs(u * dy - v * dx)
    if (ahead <= 0 || aside > ahead) return
    const cost = ahead + 2 * aside
    if (cost < least) [best, least] = [i, cost]
  })
  return best
}
