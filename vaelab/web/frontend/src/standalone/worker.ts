/** The Web Worker of a standalone file: runtime and decoder are handed over, nothing is fetched. */
import * as ort from "onnxruntime-web/wasm"
import { type Scope, serve } from "../decoding/serve"
import { unpacked } from "./packed"

/** The first message. */
export interface Handed {
  wasm: string
  decoder: string
  encoder: string
}

const scope = self as unknown as Scope

scope.onmessage = (event: MessageEvent) => {
  const { wasm, decoder, encoder } = event.data as Handed
  serve(scope, {
    async runtime() {
      ort.env.wasm.wasmBinary = (await unpacked(wasm)).buffer as ArrayBuffer
      ort.env.wasm.numThreads = 1
      return ort
    },
    graph: (name) => unpacked(name === "encoder" ? encoder : decoder),
  })
}
