import { describe, expect, test } from "vitest"
import { parseColumns, valueOf } from "../../src/map/columns"

/** As the server writes them. */
function packed(header: object, columns: ArrayBufferView[]): ArrayBuffer {
  let text = JSON.stringify(header)
  while ((8 + text.length) % 4) text += " "
  const head = new TextEncoder().encode(text)
  const size = columns.reduce((sum, column) => sum + column.byteLength, 8 + head.length)
  const bytes = new Uint8Array(size)
  bytes.set(new TextEncoder().encode("VLP1"))
  new DataView(bytes.buffer).setUint32(4, head.length, true)
  bytes.set(head, 8)
  let offset = 8 + head.length
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer), offset)
    offset += column.byteLength
  }
  return bytes.buffer
}

const value = { name: "rate", title: "Rate", unit: "nats", low: 10, high: 20 }
const header = {
  n: 3,
  value,
  classes: ["a", "b"],
  columns: [
    { name: "x", type: "float32" },
    { name: "y", type: "float32" },
    { name: "class", type: "uint8" },
    { name: "value", type: "uint8" },
  ],
}
const parts = [
  Float32Array.of(1, 2, 3),
  Float32Array.of(-1, -2, -3),
  Uint8Array.of(0, 1, 255),
  Uint8Array.of(0, 51, 255),
]

describe("parseColumns", () => {
  test("gives back what was packed", () => {
    const columns = parseColumns(packed(header, parts))
    expect([...columns.x]).toEqual([1, 2, 3])
    expect([...columns.y]).toEqual([-1, -2, -3])
    expect([...columns.label]).toEqual([0, 1, 2])
    expect(Array.from(columns.value!, (byte) => valueOf(value, byte))).toEqual([10, 12, 20])
  })

  test("reads the labels of many classes", () => {
    const wide = {
      ...header,
      classes: Array.from({ length: 300 }, (_, i) => `${i}`),
      columns: [...header.columns.slice(0, 2), { name: "class", type: "uint16" }],
    }
    const columns = parseColumns(packed(wide, [...parts.slice(0, 2), Uint16Array.of(299, 0, 65535)]))
    expect([...columns.label]).toEqual([299, 0, 300])
  })

  test("has no labels and no values where there are no such columns", () => {
    const short = { n: 3, value: null, classes: [], columns: header.columns.slice(0, 2) }
    const columns = parseColumns(packed(short, parts.slice(0, 2)))
    expect([...columns.label]).toEqual([0, 0, 0])
    expect(columns.value).toBeNull()
  })

  test.each([
    ["no points", new TextEncoder().encode("<!doctype html>").buffer as ArrayBuffer],
    ["cut off", packed(header, parts).slice(0, -1)],
    ["cut off", packed(header, parts).slice(0, 30)],
    ["no x and y", packed({ n: 3, value: null, classes: [], columns: [] }, [])],
  ])("says what is wrong: %s", (message, buffer) => {
    expect(() => parseColumns(buffer)).toThrow(message)
  })
})
