/** What is shown around the live picture, computed in idle time: strips, classes, trust. */
import type { AxisPanel } from "./axis_panel"
import { STRIP } from "./axis_row"
import { type ClassRow, MOST_CLASSES } from "./class_row"
import type { Decoder } from "../decoding/decoder"
import { codesOf, sameStyle } from "../space/latent"
import type { TrustMeter } from "./trust"
import { rms } from "../space/typicality"
import type { ModelData, Pictures, Place } from "../types"

const PIECE = 10 // ms that a piece of idle work may take, so that a live picture waits no longer

const SERVER_STRIPS = 8 // film strips that the server is asked for, of the axes that carry most

export interface Around {
  axes: AxisPanel
  classRow: ClassRow | null
  trust: TrustMeter
}

let pictureCost = 2 // ms, as measured last

/** Ask for all of it; the strip of the axis that was moved alone is still right. */
export function fillIn(
  decoder: Decoder,
  model: ModelData,
  place: Place,
  { axes, classRow, trust }: Around,
): void {
  if (model.reencoding) {
    decoder.reencoded("trust", codesOf([place], model.classes.length), (z) =>
      trust.showDistance(rms(model, z, place.z)),
    )
  }
  if (classRow) {
    const places = model.classes.slice(0, MOST_CLASSES).map((_, label) => ({
      z: sameStyle(model.prior, place, label),
      label,
      other: null,
      blend: 0,
    }))
    inPieces(decoder, model, "classes", places, (pictures, at) => classRow.show(pictures, at))
  }
  const used = axes.rows.filter((row) => !row.axis.unused)
  const most = decoder.where === "server" ? SERVER_STRIPS : used.length
  for (const row of used.slice(0, most)) {
    const places = row.stops(place, axes.held)
    const key = `strip ${row.axis.name}`
    inPieces(decoder, model, key, places, (pictures, at) => row.showStrip(pictures, at))
  }
}

function inPieces(
  decoder: Decoder,
  model: ModelData,
  key: string,
  places: Place[],
  show: (pictures: Pictures, at: number) => void,
): void {
  // Over the network it is the request that costs, so a strip is one.
  const inTime = decoder.where === "server" ? STRIP : Math.floor(PIECE / pictureCost)
  const size = Math.max(1, Math.min(STRIP, inTime))
  for (let at = 0; at < places.length; at += size) {
    const codes = codesOf(places.slice(at, at + size), model.classes.length)
    decoder.pictures(`${key} ${at}`, codes, (pictures) => {
      pictureCost = Math.max(0.1, pictures.milliseconds / pictures.n)
      show(pictures, at)
    })
  }
}
