/** The worker: runs the models with onnxruntime-web, away from the page. */
import type * as Ort from "onnxruntime-web/wasm"
import { toRgba } from "./pixels"
import type { Reply, Request } from "./protocol"
import { Sessions } from "./sessions"
import type { Pictures } from "../types"

interface Scope {
  crossOriginIsolated: boolean
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(message: Reply, transfer: Transferable[]): void
}
const scope = self as unknown as Scope

let runtime: Promise<typeof Ort> | null = null

function ort(request: Request): Promise<typeof Ort> {
  runtime ??= import(request.runtime).then((module: typeof Ort) => {
    module.env.wasm.wasmPaths = { wasm: request.wasm }
    module.env.wasm.numThreads = threads()
    return module
  })
  return runtime
}

/** Threads share memory, which browsers grant to isolated pages alone; one core is the page's. */
function threads(): number {
  return scope.crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)) : 1
}

let sessions: Sessions<Ort.InferenceSession> | null = null

async function session(request: Request, url: string): Promise<Ort.InferenceSession> {
  const module = await ort(request)
  sessions ??= new Sessions(async (address) => {
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
    const options = { executionProviders: ["wasm"] }
    return module.InferenceSession.create(new Uint8Array(await answer.arrayBuffer()), options)
  })
  return sessions.get(url)
}

async function run(
  request: Request,
  url: string,
  name: string,
  input: Float32Array,
  dims: number[],
): Promise<Ort.InferenceSession.OnnxValueMapType> {
  const model = await session(request, url)
  const module = await ort(request)
  const { n, y } = request.codes
  const feeds: Record<string, Ort.Tensor> = { [name]: new module.Tensor("float32", input, dims) }
  if (request.conditional && y) feeds["y"] = new module.Tensor("float32", y, [n, y.length / n])
  return model.run(feeds)
}

async function mean(request: Request): Promise<Ort.InferenceSession.OnnxValueMapType> {
  const { n, z } = request.codes
  return run(request, request.decoder, "z", z, [n, z.length / n])
}

async function decode(request: Request): Promise<Pictures> {
  const began = performance.now()
  const outputs = await mean(request)
  const n = request.codes.n
  const picture = outputs["mean"]?.data as Float32Array
  const spread = n === 1 ? varied(outputs["std"]?.data as Float32Array | undefined) : undefined
  const stdMax = spread ? spread.reduce((a, b) => Math.max(a, b), 0) : 0
  return {
    n,
    rgba: toRgba(picture, n, request.shape),
    std: spread ? toRgba(spread, n, request.shape, 255 / (stdMax || 1)) : null,
    stdMax,
    milliseconds: performance.now() - began,
  }
}

/** E(D(z)): the codes that the encoder gives to the decoded pictures. */
async function reencode(request: Request): Promise<Float32Array> {
  const outputs = await mean(request)
  const picture = outputs["mean"]?.data as Float32Array
  const dims = [request.codes.n, ...request.shape]
  const codes = await run(request, request.encoder, "x", picture, dims)
  return Float32Array.from(codes["mean"]?.data as Float32Array)
}

async function answer(request: Request): Promise<[Reply, Transferable[]]> {
  if (request.kind === "load") {
    await decode(request) // the first run of a session is the slow one
    return [{ id: request.id, loaded: true }, []]
  }
  if (request.kind === "reencode") return [{ id: request.id, z: await reencode(request) }, []]
  const pictures = await decode(request)
  const buffers = [pictures.rgba.buffer, ...(pictures.std ? [pictures.std.buffer] : [])]
  return [{ id: request.id, pictures }, buffers]
}

scope.onmessage = (event) => {
  const id = event.data.id
  answer(event.data).then(
    ([reply, buffers]) => scope.postMessage(reply, buffers),
    (error: unknown) => scope.postMessage({ id, error: String(error) }, []),
  )
}

/** The values, unless all are the same: one scale for every pixel makes no picture. */
function varied(values: Float32Array | undefined): Float32Array | undefined {
  return values?.some((value) => value !== values[0]) ? values : undefined
}
