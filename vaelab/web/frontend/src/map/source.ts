/** Where the map's points, codes, pictures and details come from. */
import { type Columns, parseColumns, type Quality } from "./columns"
import type { Detail, MapAddresses, MapModel } from "./data"
import { isSlow, type Settings } from "./settings"

const POLL = 1000 // ms between two questions after a slow map
export const MOST_CODES = 20_000
const MOST_DETAILS = 300

export interface Progress {
  fraction: number
  message: string
  /** Roughly left; null where nobody knows yet. */
  seconds: number | null
}

export interface AtlasFile {
  image: ImageBitmap
  columns: number
  side: number
  count: number
  /** Tile j belongs to position `step` j. */
  step: number
  areData: boolean
}

export class Source {
  private readonly details = new Map<string, Promise<Detail>>()

  constructor(
    private readonly addresses: MapAddresses,
    private readonly model: MapModel,
  ) {}

  /** The points; waits, and tells how far it is, while a slow map is being made. */
  async columns(
    settings: Settings,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<Columns> {
    const value = settings.colour === "class" ? "none" : settings.colour
    const columns = value === "none" ? "x,y,class" : "x,y,class,value"
    const asked = `${this.address(settings, ".bin")}&value=${value}&columns=${columns}&quality=later`
    for (;;) {
      const answer = await fetch(asked, { signal })
      if (answer.status === 202) {
        onProgress((await answer.json()) as Progress)
        await pause(POLL, signal)
        continue
      }
      if (!answer.ok) throw new Error(await sentence(answer))
      return parseColumns(await answer.arrayBuffer())
    }
  }

  /** How far the map can be trusted; null where there are too few points to say. */
  async quality(settings: Settings, signal: AbortSignal): Promise<Quality | null> {
    const answer = await fetch(this.address(settings, "/quality.json"), { signal })
    return answer.ok ? ((await answer.json()) as Quality | null) : null
  }

  /** n x K codes of the points; of fewer points where there are too many. */
  async codes(settings: Settings, signal: AbortSignal): Promise<Float32Array> {
    const n = Math.min(settings.n, MOST_CODES)
    const answer = await fetch(this.address({ ...settings, n }, "/codes.bin"), { signal })
    if (!answer.ok) throw new Error(await sentence(answer))
    return new Float32Array(await answer.arrayBuffer())
  }

  /** What is known of one point; asked once. */
  detail(settings: Settings, position: number): Promise<Detail> {
    const address = this.address(settings, `/${position}.json`)
    let found = this.details.get(address)
    if (!found) {
      found = fetch(address).then(async (answer) => {
        if (!answer.ok) throw new Error(await sentence(answer))
        return (await answer.json()) as Detail
      })
      this.details.set(address, found)
      found.catch(() => this.details.delete(address))
      const [oldest] = this.details.keys()
      if (this.details.size > MOST_DETAILS && oldest) this.details.delete(oldest)
    }
    return found
  }

  /** Small pictures of some of the points in one file; null where there are none. */
  async thumbnails(settings: Settings, signal: AbortSignal): Promise<AtlasFile | null> {
    const query = `split=${settings.split}&n=${settings.n}`
    const answer = await fetch(withQuery(this.addresses.thumbnails, query), { signal })
    if (!answer.ok) return null
    const tiles = JSON.parse(answer.headers.get("X-Vaelab-Tiles") ?? "{}") as Partial<AtlasFile>
    const { columns = 0, side = 0, count = 0, step = 1 } = tiles
    if (!columns || !side || !count) return null
    const areData = answer.headers.get("X-Vaelab-Pictures") === "data"
    return { image: await createImageBitmap(await answer.blob()), columns, side, count, step, areData }
  }

  /** Places of other codes on the same map. */
  async place(settings: Settings, z: number[][], signal: AbortSignal): Promise<[number, number][]> {
    const answer = await fetch(this.address(settings, "/place"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ z }),
      signal,
    })
    if (!answer.ok) throw new Error(await sentence(answer))
    return ((await answer.json()) as { points: [number, number][] }).points
  }

  private address(settings: Settings, rest: string): string {
    const { projection, split, n, dims } = settings
    const most = isSlow(this.model, projection) ? Math.min(n, this.model.mostForSlow) : n
    const query = `split=${split}&n=${most}&dims=${dims.join(",")}`
    const base = this.addresses.points
    const [path, version] = base.split("?")
    return withQuery(`${path}/${projection}${rest}${version ? `?${version}` : ""}`, query)
  }
}

function withQuery(address: string, query: string): string {
  const joined = `${address}${address.includes("?") ? "&" : "?"}${query}`
  return new URL(joined, document.baseURI).href
}

/** The server's own sentence, or one in its place. */
async function sentence(answer: Response): Promise<string> {
  const text = (await answer.text()).trim()
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain") && text.length < 400
  return plain && text ? text : `The server answered ${answer.status}.`
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(new DOMException("another map was asked for", "AbortError"))
    })
  })
}
