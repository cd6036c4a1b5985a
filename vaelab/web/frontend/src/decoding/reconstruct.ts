/** Pictures through encoder and decoder: in a worker of this page, or on the server. */
import { absolute, sourcesOf, workerAt } from "./backends"
import { toRgba } from "./pixels"
import type { Reconstruction } from "./protocol"
import type { Addresses, Codes, Decodable } from "../types"

export type { Reconstruction }

export interface Reconstructor {
  readonly where: "page" | "server"
  /** One picture x (C, H, W) in [0, 1], under n class weights `y` (n x n_classes), or once. */
  reconstruct(x: Float32Array, y: Float32Array | null): Promise<Reconstruction>
}

/** The page's own, once its runtime and models are there; rejects where they cannot be. */
export async function reconstructorInThePage(
  model: Decodable,
  addresses: Addresses,
): Promise<Reconstructor> {
  const worker = workerAt(absolute(addresses.worker))
  const shared = {
    ...sourcesOf(addresses),
    shape: model.shape,
    conditional: model.classes.length > 0,
  }
  const ask = async (x: Float32Array, y: Float32Array | null) => {
    const codes: Codes = { n: rowsOf(model, y), z: new Float32Array(0), y }
    const reply = await worker.ask({ ...shared, kind: "reconstruct", codes, picture: x })
    return (reply as { reconstruction: Reconstruction }).reconstruction
  }
  const [channels, height, width] = model.shape
  const n = model.classes.length
  await ask(new Float32Array(channels * height * width), n ? new Float32Array(n).fill(1 / n) : null)
  return { where: "page", reconstruct: ask }
}

/** The same on the server, over HTTP. */
export function reconstructorOnTheServer(model: Decodable, address: string): Reconstructor {
  const area = model.shape[0] * model.shape[1] * model.shape[2]
  return {
    where: "server",
    async reconstruct(x, y) {
      const began = performance.now()
      const n = rowsOf(model, y)
      const width = model.classes.length
      const answer = await fetch(absolute(address), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          x: toBase64(Uint8Array.from(x, (value) => Math.round(255 * value))),
          y: y && Array.from({ length: n }, (_, i) => [...y.subarray(i * width, (i + 1) * width)]),
        }),
      })
      if (!answer.ok) throw new Error(`the server answers ${answer.status}: ${await answer.text()}`)
      const buffer = await answer.arrayBuffer()
      const k = model.latentDim
      const numbers = new Float32Array(buffer.slice(0, buffer.byteLength - n * area))
      const bytes = new Uint8Array(buffer, buffer.byteLength - n * area)
      return {
        mean: numbers.slice(0, n * k),
        std: numbers.length > n * k ? numbers.slice(n * k) : null,
        x: Float32Array.from(bytes, (byte) => byte / 255),
        pixelStd: null,
        pictures: {
          n,
          rgba: toRgba(bytes, n, model.shape, 1),
          std: null,
          stdMax: 0,
          milliseconds: performance.now() - began,
        },
      }
    },
  }
}

export function toBase64(bytes: Uint8Array): string {
  let text = ""
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  }
  return btoa(text)
}

function rowsOf(model: Decodable, y: Float32Array | null): number {
  return y ? y.length / model.classes.length : 1
}
