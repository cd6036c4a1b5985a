/** Where codes are decoded: in a worker of this page, or on the server while that is not there. */
import type { Backend } from "./decoder"
import { toRgba } from "./pixels"
import type { Reply, Request, Sources } from "./protocol"
import type { Addresses, Codes, Decodable, Pictures } from "../types"

type Waiting = { resolve: (reply: Reply) => void; reject: (error: Error) => void }

/** One worker for all components and models of the page. */
export class DecodingWorker {
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  constructor(private readonly worker: Worker) {
    this.worker.onmessage = (event: MessageEvent<Reply>) => {
      const waiting = this.waiting.get(event.data.id)
      this.waiting.delete(event.data.id)
      if ("error" in event.data) waiting?.reject(new Error(event.data.error))
      else waiting?.resolve(event.data)
    }
    this.worker.onerror = (event) => {
      for (const { reject } of this.waiting.values()) reject(new Error(event.message || "worker"))
      this.waiting.clear()
    }
  }

  ask(request: Omit<Request, "id">): Promise<Reply> {
    const id = ++this.last
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ ...request, id })
    })
  }
}

const workers = new Map<string, DecodingWorker>()

export function workerAt(url: string): DecodingWorker {
  let worker = workers.get(url)
  if (!worker) workers.set(url, (worker = new DecodingWorker(new Worker(url, { type: "module" }))))
  return worker
}

export function sourcesOf(addresses: Addresses): Sources {
  return {
    runtime: absolute(addresses.runtime),
    wasm: absolute(addresses.wasm),
    decoder: absolute(addresses.decoder),
    encoder: absolute(addresses.encoder),
  }
}

/** The page's own decoder, once its runtime and model are there; rejects where they cannot be. */
export async function inThePage(
  model: Decodable,
  addresses: Addresses,
  some: Codes,
): Promise<Backend> {
  const worker = workerAt(absolute(addresses.worker))
  return loaded(worker, model, sourcesOf(addresses), some)
}

/** A worker that has the model ready; rejects where it cannot have it. */
export async function loaded(
  worker: DecodingWorker,
  model: Decodable,
  sources: Sources,
  some: Codes,
): Promise<Backend> {
  const shared = { ...sources, shape: model.shape, conditional: model.classes.length > 0 }
  await worker.ask({ ...shared, kind: "load", codes: some })
  return {
    where: "page",
    async decode(codes) {
      const reply = await worker.ask({ ...shared, kind: "decode", codes })
      return (reply as { pictures: Pictures }).pictures
    },
    async reencode(codes) {
      const reply = await worker.ask({ ...shared, kind: "reencode", codes })
      return (reply as { z: Float32Array }).z
    },
  }
}

/** The same decoder on the server, over HTTP. */
export function onTheServer(model: Decodable, addresses: Addresses): Backend {
  return {
    where: "server",
    async decode(codes) {
      const began = performance.now()
      const bytes = new Uint8Array(await post(addresses.decode, codes))
      const milliseconds = performance.now() - began
      const rgba = toRgba(bytes, codes.n, model.shape, 1)
      return { n: codes.n, rgba, std: null, stdMax: 0, milliseconds }
    },
    async reencode(codes) {
      return new Float32Array(await post(addresses.reencode, codes))
    },
  }
}

/** What the server answers to codes; rejects with its sentence. */
export async function post(address: string, { n, z, y }: Codes): Promise<ArrayBuffer> {
  const answer = await fetch(absolute(address), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ z: rows(z, n), y: y && rows(y, n) }),
  })
  if (!answer.ok) throw new Error(`the server answers ${answer.status}: ${await answer.text()}`)
  return answer.arrayBuffer()
}

function rows(values: Float32Array, n: number): number[][] {
  const width = values.length / n
  return Array.from({ length: n }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])
}

export function absolute(address: string): string {
  return new URL(address, document.baseURI).href
}
