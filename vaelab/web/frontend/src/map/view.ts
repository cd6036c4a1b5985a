/** What of the plane is in view: one scale for both axes, since distances are what a map shows. */

export interface Box {
  low: [number, number]
  high: [number, number]
}

const MARGIN = 1.1
const LEAST_ZOOM = 0.4
const MOST_ZOOM = 2000
const SAMPLE = 20_000
const TAIL = 0.0005 // of the points at each side, which do not make the view wider

export class View {
  width = 1
  height = 1
  private centre: [number, number] = [0, 0]
  private scale = 1 // pixels a unit of the plane
  private fitted = 1

  constructor(private box: Box = { low: [-1, -1], high: [1, 1] }) {}

  /** How far it is zoomed in; 1 shows everything. */
  get zoom(): number {
    return this.scale / this.fitted
  }

  /** Pixels a unit of the plane. */
  get pixelsPerUnit(): number {
    return this.scale
  }

  /** Another size on the screen, the same centre and zoom. */
  resize(width: number, height: number): void {
    const zoom = this.zoom
    this.width = Math.max(1, width)
    this.height = Math.max(1, height)
    this.fitted = this.scaleToFit()
    this.scale = this.fitted * zoom
  }

  /** Show all of a box. */
  show(box: Box): void {
    this.box = box
    this.reset()
  }

  reset(): void {
    const { low, high } = this.box
    this.centre = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]
    this.scale = this.fitted = this.scaleToFit()
  }

  private scaleToFit(): number {
    const { low, high } = this.box
    const across = ((high[0] - low[0]) * MARGIN) / this.width
    const up = ((high[1] - low[1]) * MARGIN) / this.height
    return 1 / (Math.max(across, up) || 1 / this.width)
  }

  toScreen(x: number, y: number): [number, number] {
    return [
      (x - this.centre[0]) * this.scale + this.width / 2,
      this.height / 2 - (y - this.centre[1]) * this.scale,
    ]
  }

  toPlane(px: number, py: number): [number, number] {
    return [
      (px - this.width / 2) / this.scale + this.centre[0],
      (this.height / 2 - py) / this.scale + this.centre[1],
    ]
  }

  pan(dx: number, dy: number): void {
    this.centre = [this.centre[0] - dx / this.scale, this.centre[1] + dy / this.scale]
  }

  /** Zoom so that what is at (px, py) stays there; false where the limit is reached. */
  zoomAt(px: number, py: number, factor: number): boolean {
    const wanted = this.zoom * factor
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, wanted))
    if (zoom === this.zoom) return false
    const [x, y] = this.toPlane(px, py)
    this.scale = this.fitted * zoom
    const [nx, ny] = this.toPlane(px, py)
    this.centre = [this.centre[0] + x - nx, this.centre[1] + y - ny]
    return true
  }

  /** The part of the plane that is in view. */
  visible(): Box {
    const [left, high] = this.toPlane(0, 0)
    const [right, low] = this.toPlane(this.width, this.height)
    return { low: [left, low], high: [right, high] }
  }

  /** The camera's matrix (column by column) over points that were divided by `unit`. */
  camera(unit: Unit): Float32Array {
    const s = (this.scale * unit.radius * 2) / this.height
    const cx = (this.centre[0] - unit.centre[0]) / unit.radius
    const cy = (this.centre[1] - unit.centre[1]) / unit.radius
    return Float32Array.of(s, 0, 0, 0, 0, s, 0, 0, 0, 0, 1, 0, -cx * s, -cy * s, 0, 1)
  }
}

/** The square that the graphics card's [-1, 1] stands for. */
export interface Unit {
  centre: [number, number]
  radius: number
}

export function unitOf({ low, high }: Box): Unit {
  const radius = Math.max(high[0] - low[0], high[1] - low[1]) / 2 || 1
  return { centre: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2], radius }
}

/** Where nearly all points are: the few farthest out do not shrink the rest. */
export function boxOf(x: Float32Array, y: Float32Array): Box {
  const [lowX, highX] = bulk(x)
  const [lowY, highY] = bulk(y)
  return { low: [lowX, lowY], high: [highX, highY] }
}

function bulk(values: Float32Array): [number, number] {
  if (!values.length) return [-1, 1]
  const step = Math.max(1, Math.floor(values.length / SAMPLE))
  const some = new Float32Array(Math.ceil(values.length / step))
  for (let i = 0; i < some.length; i++) some[i] = values[i * step]!
  some.sort()
  const tail = Math.floor(some.length * TAIL)
  return [some[tail]!, some[some.length - 1 - tail]!]
}
