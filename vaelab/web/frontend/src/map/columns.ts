/** The binary columns of a map: `VLP1`, the header's length, its JSON, then column after column. */

export interface Inverse {
  kind: "affine" | "neighbours"
  /** z = origin + x axes[0] + y axes[1]. */
  origin?: number[]
  axes?: [number[], number[]]
}

export interface ValueScale {
  name: string
  title: string
  unit: string
  low: number
  high: number
}

export interface Quality {
  trustworthiness: number
  continuity: number
  neighbourHit: number | null
  k: number
  n: number
}

export interface Header {
  n: number
  columns: { name: string; type: keyof typeof WIDTHS }[]
  projection: {
    name: string
    title: string
    axisLabels: [string, string]
    explainedVariance: [number, number] | null
  }
  classes: string[]
  available: number
  value: ValueScale | null
  /** Why there is no value although one was asked for. */
  valueNote?: string | null
  inverse: Inverse
  quality: Quality | null
}

export interface Columns {
  header: Header
  n: number
  x: Float32Array
  y: Float32Array
  /** Class of each point; the number of classes without one. */
  label: Uint16Array
  /** 0 to 255 from `value.low` to `value.high`; null when no value was asked for. */
  value: Uint8Array | null
}

const MAGIC = "VLP1"
const WIDTHS = { float32: 4, uint16: 2, uint8: 1 }

/** Reads the columns, without copying the large ones; throws an Error where they are not what they claim. */
export function parseColumns(buffer: ArrayBuffer): Columns {
  const view = new DataView(buffer)
  const text = new TextDecoder()
  if (buffer.byteLength < 8 || text.decode(new Uint8Array(buffer, 0, 4)) !== MAGIC) {
    throw new Error("The server's answer holds no points.")
  }
  const length = view.getUint32(4, true)
  if (8 + length > buffer.byteLength) throw new Error("The header of the points is cut off.")
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 8, length))) as Header
  const found: Record<string, Column> = {}
  let offset = 8 + length
  for (const { name, type } of header.columns) {
    const end = offset + header.n * WIDTHS[type]
    if (end > buffer.byteLength) throw new Error(`The column ${name} of the points is cut off.`)
    found[name] = columnOf(type, buffer, offset, header.n)
    offset = end
  }
  const { x, y } = found
  if (!(x instanceof Float32Array) || !(y instanceof Float32Array)) {
    throw new Error("The points have no x and y.")
  }
  const label = labelsOf(found["class"], header)
  const value = header.value && found["value"] instanceof Uint8Array ? found["value"] : null
  return { header, n: header.n, x, y, label, value }
}

type Column = Float32Array | Uint16Array | Uint8Array

function columnOf(type: keyof typeof WIDTHS, buffer: ArrayBuffer, offset: number, n: number): Column {
  if (type === "float32") return new Float32Array(buffer, offset, n)
  if (type === "uint16") return new Uint16Array(buffer.slice(offset, offset + 2 * n))
  return new Uint8Array(buffer, offset, n)
}

/** Whatever is no class counts as no label. */
function labelsOf(column: Column | undefined, { n, classes }: Header): Uint16Array {
  const none = classes.length
  if (!column || column instanceof Float32Array) return new Uint16Array(n).fill(none)
  const labels = new Uint16Array(column)
  for (let i = 0; i < n; i++) if (labels[i]! > none) labels[i] = none
  return labels
}

/** The number that a byte of the value column stands for. */
export function valueOf(scale: ValueScale, byte: number): number {
  return scale.low + (byte / 255) * (scale.high - scale.low)
}
