/** The entry of a standalone file: the sliders, and below them the map and the path. */
import { codesOf } from "../space/latent"
import { dress } from "../page/style"
import { make } from "../page/dom"
import interpolateCss from "../interpolate/interpolate.css"
import slidersCss from "../sliders/sliders.css"
import { Sliders } from "../sliders/sliders"
import type { StandaloneData } from "./data"
import { embedded, whenReady } from "./embedded"
import { Journey } from "./journey"
import { taken, unpacked } from "./packed"
import css from "./standalone.css"

function section(id: string, sheet: string): ShadowRoot {
  const root = document.getElementById(id)!.attachShadow({ mode: "open" })
  dress(root, sheet + css)
  return root
}

function start(): void {
  const { model, place, first, frames, limits } = JSON.parse(taken("data")) as StandaloneData
  const ready = embedded(model, codesOf([place], model.classes.length))
  const backend = whenReady(ready)
  const codes = unpacked(taken("codes")).then((bytes) => new Float32Array(bytes.buffer as ArrayBuffer))
  const shown = { model, place, mode: "", version: "start", first }
  const tell = () => undefined // nobody listens
  const sliders = new Sliders(shown, {
    first: backend,
    page: () => ready,
    codes: () => codes,
    axes: async () => ({ axes: model.axes, unusedReason: model.unusedReason, left: 0 }),
    link: null,
  }, tell)
  section("sliders", slidersCss).append(sliders.element)
  sliders.update(shown, tell)
  const journey = new Journey(model, frames, limits, backend, {
    steer({ z, label }) {
      sliders.goTo({ z: [...z], label, other: null, blend: 0 })
      document.getElementById("sliders")?.scrollIntoView({ behavior: "smooth" })
    },
    here: () => ({ z: sliders.place.z, label: sliders.place.label, source: "the sliders", row: null }),
  })
  section("journey", interpolateCss).append(journey.element)
  void codes.then((rows) => journey.showCodes(rows))
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => journey.redraw())
}

try {
  start()
} catch (error) {
  const text = `This browser cannot run the decoder of this file: ${String(error)}`
  document.getElementById("sliders")?.before(make("p", { className: "error" }, text))
}
