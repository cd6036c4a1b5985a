/** The sliders component: z in, picture out, all in the page. */
import { AxisRow } from "./axis_row"
import { inThePage, onTheServer } from "../decoding/backends"
import { ClassChips } from "./classes"
import { ClassRow } from "./class_row"
import { type Backend, Decoder } from "../decoding/decoder"
import { make } from "../page/dom"
import { fillIn } from "./fill_in"
import { History } from "./history"
import { codesOf, draw, equal, home, sameStyle } from "../space/latent"
import { Panel } from "./panel"
import { fromBase64, toRgba } from "../decoding/pixels"
import { asJson, asLink, asPython, copy, rounded, savePng } from "./share"
import { TrustMeter } from "./trust"
import { type DataCodes, dataCodes, percentile } from "../space/typicality"
import type { ModelData, Pictures, Place, SlidersData } from "../types"

const COMMIT_AFTER = 250 // ms: Python hears of the last of several key presses
const TRUST_AFTER = 80 // ms
const NEW_SLIDERS = "new"
const NOT_YET = { where: null, milliseconds: 0 }

export class Sliders {
  readonly element: HTMLElement
  private readonly model: ModelData
  private readonly decoder: Decoder
  readonly rows: AxisRow[]
  private readonly chips: ClassChips | null
  readonly classRow: ClassRow | null
  private readonly panel: Panel
  readonly trust: TrustMeter
  private readonly locked = new Set<number>()
  private readonly history: History<Place>
  private place: Place
  private pinned: Place | null = null
  private dataCodes: DataCodes | null = null
  private version = NEW_SLIDERS
  private held = false
  private readonly ended = new AbortController()
  private timer = 0
  private unsent = false
  private trustTimer = 0
  private decoded: { where: Backend["where"] | null; milliseconds: number } = NOT_YET
  private why = "the page's decoder is loading"

  constructor(
    private readonly data: SlidersData,
    private tellPython: (place: Place) => void,
  ) {
    const model = (this.model = data.model)
    this.place = data.place
    this.history = new History<Place>(data.place, equal)
    const server = onTheServer(model, data.addresses)
    this.decoder = new Decoder(server, (error, failed) => {
      if (failed.where === "server") return this.panel.showStatus(`No picture: ${String(error)}`)
      this.why = `the page's decoder failed (${String(error)})`
      this.decoder.use(server)
    })
    const events = {
      input: (dim: number, value: number) => this.set(dim, value),
      commit: () => this.commit(),
      reset: (dim: number) => this.resetOne(dim),
      lock: (dim: number, on: boolean) => void (on ? this.locked.add(dim) : this.locked.delete(dim)),
    }
    this.rows = model.axes.map((axis) => new AxisRow(axis, model, events))
    this.chips = model.classes.length ? this.makeChips() : null
    this.classRow = model.classes.length ? new ClassRow(model, (c) => this.pick(c)) : null
    this.trust = new TrustMeter(model)
    this.panel = new Panel(model, this.panelEvents(), this.trust.element)
    this.element = this.build()
    this.listen()
    void this.load()
  }

  /** Python has run again: follow where it has moved the place, and only there. */
  update(data: SlidersData, tellPython: (place: Place) => void): void {
    this.tellPython = tellPython
    if (data.version === this.version) return
    const isFirst = this.version === NEW_SLIDERS
    this.version = data.version
    const rgba = toRgba(fromBase64(data.first), 1, this.model.shape, 1)
    this.panel.show({ n: 1, rgba, std: null, stdMax: 0, milliseconds: 0 })
    this.move(data.place, !isFirst, false)
  }

  private async load(): Promise<void> {
    const { model, data } = this
    const codes = fetch(new URL(data.addresses.codes, document.baseURI)).then(async (answer) => {
      if (!answer.ok) return
      const rows = new Float32Array(await answer.arrayBuffer())
      const kind = model.typicality?.kind ?? "neighbours"
      this.dataCodes = dataCodes(rows, model.latentDim, kind)
      this.showTrust()
    })
    try {
      const some = codesOf([this.place], model.classes.length)
      this.decoder.use(await inThePage(model, data.addresses, some))
    } catch (error) {
      this.why = `the page's decoder cannot be loaded (${String(error)})`
    }
    this.refresh()
    await codes
  }

  /** Decode the place now, and what is shown around it when there is time. */
  private refresh(): void {
    const codes = codesOf([this.place], this.model.classes.length)
    this.decoder.forgetIdle()
    this.decoder.live(codes, (pictures, where) => this.painted(pictures, where))
    this.decoder.whenQuiet(() => {
      this.showStatus()
      fillIn(this.decoder, this.model, this.place, this)
    })
  }

  private painted(pictures: Pictures, where: Backend["where"]): void {
    this.panel.show(pictures)
    this.showTrust()
    const isNew = where !== this.decoded.where
    this.decoded = { where, milliseconds: pictures.milliseconds }
    if (isNew) this.showStatus()
  }

  /** Not on every picture: a screen reader reads it out. */
  private showStatus(): void {
    const { where, milliseconds } = this.decoded
    if (!where) return
    const time = `${milliseconds.toFixed(1)} ms`
    this.panel.showStatus(
      where === "page"
        ? `Decoded in this page, ${time} a picture.`
        : `Decoded by the server, ${time} a picture: ${this.why}.`,
    )
  }

  /** Some times a second: it takes thousands of codes into account. */
  private showTrust(): void {
    if (this.trustTimer || !this.dataCodes || !this.model.typicality) return
    this.trustTimer = window.setTimeout(() => {
      this.trustTimer = 0
      if (!this.dataCodes) return
      this.trust.showPercentile(percentile(this.model, this.place, this.dataCodes))
    }, TRUST_AFTER)
  }

  private set(dim: number, value: number): void {
    this.place = { ...this.place, z: this.place.z.with(dim, value) }
    this.refresh()
  }

  private move(place: Place, record = true, tell = true): void {
    this.place = place
    for (const row of this.rows) row.show(place.z[row.axis.dim] ?? 0)
    this.chips?.show(place)
    this.refresh()
    if (record) this.history.record(place)
    this.panel.showSteps(this.history.canUndo, this.history.canRedo)
    if (tell) this.schedule()
  }

  private pick(label: number): void {
    const z = sameStyle(this.model.prior, this.place, label)
    this.move({ ...this.place, z, label })
  }

  private resetOne(dim: number): void {
    const value = home(this.model, this.place.label)[dim] ?? 0
    this.move({ ...this.place, z: this.place.z.with(dim, value) })
  }

  private commit(): void {
    this.history.record(this.place)
    this.panel.showSteps(this.history.canUndo, this.history.canRedo)
    this.schedule()
  }

  /** Python is told a little later, and never while a slider is held. */
  private schedule(): void {
    clearTimeout(this.timer)
    this.unsent = true
    this.timer = window.setTimeout(() => {
      if (this.held) return
      this.unsent = false
      history.replaceState(history.state, "", asLink(this.model, this.place, location.href))
      this.tellPython({ ...this.place, z: rounded(this.place.z) })
    }, COMMIT_AFTER)
  }

  private makeChips(): ClassChips {
    return new ClassChips(this.model.classes, {
      pick: (label) => this.pick(label),
      blend: (other, blend) => this.move({ ...this.place, other, blend }, false, false),
      commit: () => this.commit(),
    })
  }

  private panelEvents() {
    const { model } = this
    const go = (place: Place | null) => place && this.move(place, false)
    const offer = async (text: string, what: string) =>
      (await copy(text)) ? this.panel.say(`${what} copied.`) : this.panel.offer(text)
    return {
      random: () => this.move({ ...this.place, z: draw(model.prior, this.place, this.locked) }),
      home: () => {
        const z = home(model, this.place.label)
        this.move({ ...this.place, z: z.map((v, d) => (this.locked.has(d) ? this.place.z[d] ?? v : v)) })
      },
      undo: () => void go(this.history.undo()),
      redo: () => void go(this.history.redo()),
      pin: () => this.pin(),
      swap: () => this.swap(),
      save: () => savePng(this.panel.canvas, `${model.id}.png`),
      copyJson: () => void offer(asJson(model, this.place), "JSON"),
      copyPython: () => void offer(asPython(model, this.place), "Python"),
      copyLink: () => void offer(asLink(model, this.place, location.href), "Link"),
    }
  }

  private pin(): void {
    this.pinned = this.place
    this.panel.showPinned()
  }

  private swap(): void {
    const wanted = this.pinned
    if (!wanted) return
    this.pin()
    this.move(wanted)
  }

  private build(): HTMLElement {
    const used = this.rows.filter((row) => !row.axis.unused)
    const unused = this.rows.filter((row) => row.axis.unused)
    const grid = (rows: AxisRow[]) =>
      make("div", { className: "axes" }, ...rows.map((row) => row.element))
    const folded = make(
      "details",
      {},
      make("summary", {}, `${unused.length} unused of ${this.rows.length} dimensions`),
      make("p", { className: "note" }, this.model.unusedReason),
      grid(unused),
    )
    const steering = make(
      "section",
      { className: "steering" },
      ...(this.chips ? [this.chips.element] : []),
      ...(used.length ? [grid(used)] : [make("p", { className: "note" }, "No dimension carries anything: the picture is the same for every code.")]),
      ...(unused.length ? [folded] : []),
    )
    const parts = make("div", { className: "parts" }, this.panel.element, steering)
    return make("div", { className: "vaelab sliders" }, parts, ...(this.classRow ? [this.classRow.element] : []))
  }

  private listen(): void {
    this.element.addEventListener("pointerdown", () => (this.held = true))
    for (const name of ["pointerup", "pointercancel"]) {
      const released = () => {
        if (this.held && this.unsent) this.schedule()
        this.held = false
      }
      window.addEventListener(name, released, { signal: this.ended.signal })
    }
    this.element.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
      event.preventDefault()
      this.panelEvents()[event.shiftKey ? "redo" : "undo"]()
    })
  }

  /** Take it out of the page. */
  end(): void {
    this.element.remove()
    this.ended.abort()
    clearTimeout(this.timer)
    clearTimeout(this.trustTimer)
    this.decoder.forgetIdle()
  }
}
