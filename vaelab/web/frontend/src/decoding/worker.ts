/** The Web Worker of a served page: runtime and graphs are fetched from the addresses it is told. */
import type * as Ort from "onnxruntime-web/wasm"
import { type Scope, serve } from "./serve"

const scope = self as unknown as Scope

serve(scope, {
  runtime: (request) =>
    import(request.runtime).then((module: typeof Ort) => {
      module.env.wasm.wasmPaths = { wasm: request.wasm }
      module.env.wasm.numThreads = threads()
      return module
    }),
  async graph(address) {
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  },
})

/** Threads share memory, which browsers grant to isolated pages alone; one core is the page's. */
function threads(): number {
  return scope.crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)) : 1
}
