/** The selected path as a file: GIF and MP4 made by the server when asked for, JSON made here. */
import { button, make } from "../page/dom"
import type { Frame, WalkAddresses, WalkModel } from "./data"
import { LEG_SECONDS, type Player } from "./player"
import { codesAt, evenly, type Walk, weightsAt } from "./walk"

const RATE = { gif: 20, mp4: 30 } // pictures a second
const MOST_PICTURES = 600
const DIGITS = 5

export interface Film {
  walk: Walk
  frames: Frame[]
  player: Player
}

export class TakeAway {
  readonly element: HTMLElement
  private readonly said = make("span", { className: "note", aria: { role: "status" } })

  constructor(
    private readonly model: WalkModel,
    private readonly addresses: WalkAddresses,
    private readonly film: () => Film | null,
  ) {
    const make_ = (format: "gif" | "mp4") => () => void this.made(format)
    this.element = make(
      "div",
      { className: "bar take-away" },
      this.said,
      button("GIF", "The selected path as an animated picture", make_("gif")),
      button("MP4", "The selected path as a film", make_("mp4")),
      button("JSON", "Model, key frames and codes of the selected path", () => this.json()),
    )
  }

  private async made(format: "gif" | "mp4"): Promise<void> {
    const film = this.film()
    if (!film) return
    this.said.textContent = `Making the ${format.toUpperCase()} …`
    try {
      const answer = await fetch(new URL(this.addresses.film, document.baseURI), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(filmRequest(film, format, this.model.classes.length)),
      })
      if (!answer.ok) throw new Error(await answer.text())
      save(await answer.blob(), this.name(film.walk, format))
      this.said.textContent = ""
    } catch (error) {
      this.said.textContent = `No ${format.toUpperCase()}: ${String(error)}`
    }
  }

  private json(): void {
    const film = this.film()
    if (!film) return
    const text = JSON.stringify(asJson(this.model, film), null, 1)
    save(new Blob([text], { type: "application/json" }), this.name(film.walk, "json"))
  }

  private name(walk: Walk, ending: string): string {
    return `${this.model.id}-${walk.kind}.${ending}`
  }
}

/** What the server is asked for: the film as it is played, at the speed that is set. */
export function filmRequest({ walk, frames, player }: Film, format: "gif" | "mp4", nClasses: number) {
  const seconds = (walk.legs * LEG_SECONDS) / player.speed
  const n = Math.max(2, Math.min(MOST_PICTURES, Math.round(seconds * RATE[format]) + 1))
  const { z, y } = codesAt(walk, frames, evenly(n, walk.legs), nClasses)
  const rate = Math.max(1, Math.min(RATE[format], (n - 1) / seconds))
  return {
    z: rows(z, n),
    y: y && rows(y, n),
    format,
    rate,
    back: player.repeat === "there and back",
  }
}

/** The path with all that is needed to decode it again. */
export function asJson(model: WalkModel, { walk, frames }: Film) {
  const nClasses = model.classes.length
  const along = evenly(walk.n, walk.legs)
  return {
    model: model.id,
    weights_sha256: model.weights,
    path: walk.kind,
    key_frames: frames.map(({ z, label, source }) => ({
      z,
      ...(nClasses ? { class: model.classes[label ?? 0] } : {}),
      source,
    })),
    codes: rows(walk.codes, walk.n),
    ...(nClasses
      ? { classes: model.classes, class_weights: along.map((at) => [...weightsAt(frames, at, nClasses)].map(short)) }
      : {}),
    length: walk.length,
    length_is: `sum of the Euclidean distances between successive pictures, pixels from 0 to 1, over ${walk.steps} steps a leg`,
  }
}

function rows(values: Float32Array, n: number): number[][] {
  const width = values.length / n
  return Array.from({ length: n }, (_, i) => [...values.subarray(i * width, (i + 1) * width)].map(short))
}

function short(value: number): number {
  return Number(value.toFixed(DIGITS))
}

function save(content: Blob, name: string): void {
  const link = make("a", { href: URL.createObjectURL(content), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
