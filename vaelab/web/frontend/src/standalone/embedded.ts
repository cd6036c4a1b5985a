/** The decoder that a standalone file carries. */
import { DecodingWorker, loaded } from "../decoding/backends"
import type { Backend } from "../decoding/decoder"
import type { Codes, ModelData } from "../types"
import { taken, unpacked } from "./packed"
import type { Handed } from "./worker"

const GRAPHS = { runtime: "", wasm: "", decoder: "decoder", encoder: "encoder" } // nothing is fetched

/** Ready once the runtime is unpacked; `some` is decoded first. */
export async function embedded(model: ModelData, some: Codes): Promise<Backend> {
  const script = new Blob([(await unpacked(taken("worker"))) as Uint8Array<ArrayBuffer>], {
    type: "text/javascript",
  })
  const address = URL.createObjectURL(script)
  const worker = new Worker(address)
  const encoder = model.reencoding ? taken("encoder") : ""
  const handed: Handed = { wasm: taken("wasm"), decoder: taken("decoder"), encoder }
  worker.postMessage(handed)
  const backend = await loaded(new DecodingWorker(worker), model, GRAPHS, some)
  URL.revokeObjectURL(address)
  return backend
}

/** Whoever asks before it is ready waits. */
export function whenReady(ready: Promise<Backend>): Backend {
  return {
    where: "page",
    decode: async (codes) => (await ready).decode(codes),
    reencode: async (codes) => (await ready).reencode(codes),
  }
}
