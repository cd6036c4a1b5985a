/** The film strips of all paths, decoded in small pieces while there is time. */
import type { Decoder } from "../decoding/decoder"
import type { Frame } from "./data"
import { TILES, type Track } from "./track"
import { codesAt } from "./walk"

const PIECE = 10 // ms that a piece may take, so that a live picture waits no longer

export class Strips {
  private pictureCost = 2 // ms, as measured last

  constructor(
    private readonly decoder: Decoder,
    private readonly nClasses: number,
  ) {}

  /** Ask for what is not there yet of the paths of this version. */
  fill(tracks: readonly Track[], frames: readonly Frame[], version: string): void {
    for (const track of tracks) {
      const filled = `${version} ${track.about.kind}`
      if (!track.walk || track.filled === filled) continue
      track.filled = filled
      const stops = track.stops()
      const size = this.size
      for (let at = 0; at < stops.length; at += size) {
        const codes = codesAt(track.walk, frames, stops.slice(at, at + size), this.nClasses)
        this.decoder.pictures(`${track.about.kind} ${at}`, codes, (pictures) => {
          this.pictureCost = Math.max(0.1, pictures.milliseconds / pictures.n)
          if (track.filled === filled) track.showStrip(pictures, at)
        })
      }
    }
  }

  /** Pictures in a piece: over the network all at once. */
  private get size(): number {
    if (this.decoder.where === "server") return TILES
    return Math.max(1, Math.min(TILES, Math.floor(PIECE / this.pictureCost)))
  }
}
