/** Bytes that lie in the page as text: gzip in base64. */
import { fromBase64 } from "../decoding/pixels"
import type { Part } from "./data"

export async function unpacked(text: string): Promise<Uint8Array> {
  const packed = new Blob([fromBase64(text.trim()) as Uint8Array<ArrayBuffer>])
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** The text of an inert script element; it is asked for once, and its memory then given back. */
export function taken(id: Part): string {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the file has no part ${id}`)
  const text = element.textContent ?? ""
  element.remove()
  return text
}
