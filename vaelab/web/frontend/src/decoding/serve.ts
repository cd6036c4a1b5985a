/** A worker's side of decoding: codes come as messages, pictures go back. */
import type * as Ort from "onnxruntime-web/wasm"
import { toRgba } from "./pixels"
import type { Reconstruction, Reply, Request } from "./protocol"
import { Sessions } from "./sessions"
import type { Pictures } from "../types"

export interface Scope {
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(message: Reply, transfer: Transferable[]): void
  readonly crossOriginIsolated?: boolean
}

/** Where the runtime and the graphs come from. */
export interface Supply {
  runtime(request: Request): Promise<typeof Ort>
  graph(address: string): Promise<Uint8Array>
}

/** Answer the scope's messages from now on. */
export function serve(scope: Scope, supply: Supply): void {
  const server = new Server(supply)
  scope.onmessage = (event) => {
    const id = event.data.id
    server.answer(event.data).then(
      ([reply, buffers]) => scope.postMessage(reply, buffers),
      (error: unknown) => scope.postMessage({ id, error: String(error) }, []),
    )
  }
}

class Server {
  private runtime: Promise<typeof Ort> | null = null
  private sessions: Sessions<Ort.InferenceSession> | null = null

  constructor(private readonly supply: Supply) {}

  async answer(request: Request): Promise<[Reply, Transferable[]]> {
    if (request.kind === "load") {
      await this.decode(request) // the first run of a session is the slow one
      return [{ id: request.id, loaded: true }, []]
    }
    if (request.kind === "reencode") return [{ id: request.id, z: await this.reencode(request) }, []]
    if (request.kind === "reconstruct") {
      return [{ id: request.id, reconstruction: await this.reconstruct(request) }, []]
    }
    const pictures = await this.decode(request)
    const buffers = [pictures.rgba.buffer, ...(pictures.std ? [pictures.std.buffer] : [])]
    return [{ id: request.id, pictures }, buffers]
  }

  private ort(request: Request): Promise<typeof Ort> {
    return (this.runtime ??= this.supply.runtime(request))
  }

  private async session(request: Request, url: string): Promise<Ort.InferenceSession> {
    const module = await this.ort(request)
    this.sessions ??= new Sessions(async (address) => {
      const options = { executionProviders: ["wasm"] }
      return module.InferenceSession.create(await this.supply.graph(address), options)
    })
    return this.sessions.get(url)
  }

  private async run(
    request: Request,
    url: string,
    name: string,
    input: Float32Array,
    dims: number[],
  ): Promise<Ort.InferenceSession.OnnxValueMapType> {
    const model = await this.session(request, url)
    const module = await this.ort(request)
    const { n, y } = request.codes
    const feeds: Record<string, Ort.Tensor> = { [name]: new module.Tensor("float32", input, dims) }
    if (request.conditional && y) feeds["y"] = new module.Tensor("float32", y, [n, y.length / n])
    return model.run(feeds)
  }

  private async mean(request: Request): Promise<Ort.InferenceSession.OnnxValueMapType> {
    const { n, z } = request.codes
    return this.run(request, request.decoder, "z", z, [n, z.length / n])
  }

  private async decode(request: Request): Promise<Pictures> {
    const began = performance.now()
    const outputs = await this.mean(request)
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
  private async reencode(request: Request): Promise<Float32Array> {
    const outputs = await this.mean(request)
    const picture = outputs["mean"]?.data as Float32Array
    const dims = [request.codes.n, ...request.shape]
    const codes = await this.run(request, request.encoder, "x", picture, dims)
    return Float32Array.from(codes["mean"]?.data as Float32Array)
  }

  /** One picture encoded under each of the classes, and the means of the posteriors decoded. */
  private async reconstruct(request: Request): Promise<Reconstruction> {
    const began = performance.now()
    const n = request.codes.n
    const one = request.picture ?? new Float32Array()
    const x = new Float32Array(n * one.length)
    for (let i = 0; i < n; i++) x.set(one, i * one.length)
    const posterior = await this.run(request, request.encoder, "x", x, [n, ...request.shape])
    const z = Float32Array.from(posterior["mean"]?.data as Float32Array)
    const logVar = posterior["log_var"]?.data as Float32Array | undefined
    const outputs = await this.run(request, request.decoder, "z", z, [n, z.length / n])
    const decoded = Float32Array.from(outputs["mean"]?.data as Float32Array)
    const pixelStd = outputs["std"]?.data as Float32Array | undefined
    const rgba = toRgba(decoded, n, request.shape)
    return {
      mean: z,
      std: logVar ? Float32Array.from(logVar, (value) => Math.exp(value / 2)) : null,
      x: decoded,
      pixelStd: pixelStd ? Float32Array.from(pixelStd) : null,
      pictures: { n, rgba, std: null, stdMax: 0, milliseconds: performance.now() - began },
    }
  }
}

/** The values, unless all are the same: one scale for every pixel makes no picture. */
function varied(values: Float32Array | undefined): Float32Array | undefined {
  return values?.some((value) => value !== values[0]) ? values : undefined
}
