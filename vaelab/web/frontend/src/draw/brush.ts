/** A soft round pen at the model's resolution: how much of each pixel a stroke covers. */

export interface Size {
  width: number
  height: number
}

export type Point = readonly [x: number, y: number]

const SOFT = 1 // pixels over which an edge fades, as averaging over a pixel makes it

/**
 * Covers what a pen of `diameter` pixels touches between two points: 0 to 1 in `mask` (H x W), where
 * the larger value stays. Coordinates are in pixels, (0, 0) being the corner of the first one.
 */
export function cover(mask: Float32Array, { width, height }: Size, a: Point, b: Point, diameter: number): void {
  const reach = diameter / 2 + SOFT / 2
  const [left, right] = [Math.min(a[0], b[0]) - reach, Math.max(a[0], b[0]) + reach]
  const [top, bottom] = [Math.min(a[1], b[1]) - reach, Math.max(a[1], b[1]) + reach]
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, Math.ceil(bottom)); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, Math.ceil(right)); x++) {
      const away = distance([x + 0.5, y + 0.5], a, b)
      const share = Math.min(1, Math.max(0, (reach - away) / SOFT))
      const i = y * width + x
      if (share > mask[i]!) mask[i] = share
    }
  }
}

/** From a point to the segment a b. */
export function distance(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = dx * dx + dy * dy
  const along = length ? ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length : 0
  const t = Math.min(1, Math.max(0, along))
  return Math.hypot(point[0] - a[0] - t * dx, point[1] - a[1] - t * dy)
}
