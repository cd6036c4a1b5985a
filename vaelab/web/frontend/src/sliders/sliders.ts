/** The sliders component: z in, picture out, all in the page. */
import { coordinate, keeping, LATENT, moved } from "../space/axes"
import { AxisPanel } from "./axis_panel"
import { ClassChips } from "./classes"
import { ClassRow } from "./class_row"
import { type Backend, Decoder } from "../decoding/decoder"
import { make } from "../page/dom"
import { fillIn } from "./fill_in"
import { History } from "./history"
import type { Origin } from "./origin"
import { codesOf, draw, equal, home, sameStyle } from "../space/latent"
import { Panel } from "./panel"
import { fromBase64, toRgba } from "../decoding/pixels"
import { Reporter, type Told } from "./reporter"
import { asJson, asPython, copy, savePng } from "./share"
import { TrustMeter } from "./trust"
import { type DataCodes, dataCodes, percentile } from "../space/typicality"
import type { Axis, AxisSet, Mode, ModelData, Pictures, Place, SlidersData } from "../types"

const TRUST_AFTER = 80 // ms
const NEW_SLIDERS = "new"
const NOT_YET = { where: null, milliseconds: 0 }

export class Sliders {
  readonly element: HTMLElement
  private readonly model: ModelData
  private readonly decoder: Decoder
  readonly axes: AxisPanel
  private readonly chips: ClassChips | null
  readonly classRow: ClassRow | null
  private readonly panel: Panel
  readonly trust: TrustMeter
  private mode: Mode
  private wantedMode: Mode | null = null
  private readonly reporter: Reporter
  private readonly history: History<Place>
  place: Place
  private pinned: Place | null = null
  private dataCodes: DataCodes | null = null
  private version = NEW_SLIDERS
  private readonly ended = new AbortController()
  private trustTimer = 0
  private decoded: { where: Backend["where"] | null; milliseconds: number } = NOT_YET
  private why = "the page's decoder is loading"

  constructor(
    data: Omit<SlidersData, "addresses">,
    private readonly origin: Origin,
    tellPython: (told: Told) => void,
  ) {
    const model = (this.model = data.model)
    this.place = data.place
    this.history = new History<Place>(data.place, equal)
    const { first } = origin
    this.decoder = new Decoder(first, (error, failed) => {
      if (failed === first) return this.panel.showStatus(`No picture: ${String(error)}`)
      this.why = `the page's decoder failed (${String(error)})`
      this.decoder.use(first)
    })
    this.axes = new AxisPanel(model, {
      input: (axis, value) => this.set(axis, value),
      commit: () => this.commit(),
      reset: (axis) => this.resetOne(axis),
      lock: () => this.refresh(),
      enter: (mode) => void this.enter(mode),
    })
    this.mode = this.axes.mode
    const told = () => ({ ...this.place, mode: this.mode.name })
    this.reporter = new Reporter(told, origin.link, tellPython)
    this.chips = model.classes.length ? this.makeChips() : null
    this.classRow = model.classes.length ? new ClassRow(model, (c) => this.pick(c)) : null
    this.trust = new TrustMeter(model)
    this.panel = new Panel(model, this.panelEvents(), origin.link !== null, this.trust.element)
    this.element = this.build()
    this.listen()
    void this.load()
  }

  /** Python has run again: follow where it has moved the place, and only there. */
  update(data: Omit<SlidersData, "addresses">, tellPython: (told: Told) => void): void {
    this.reporter.use(tellPython)
    if (data.version === this.version) return
    const isFirst = this.version === NEW_SLIDERS
    this.version = data.version
    const rgba = toRgba(fromBase64(data.first), 1, this.model.shape, 1)
    this.panel.show({ n: 1, rgba, std: null, stdMax: 0, milliseconds: 0 })
    this.move(data.place, !isFirst, false)
    const mode = this.axes.find(data.mode)
    if (mode.name !== this.mode.name) void this.enter(mode, false)
  }

  /** Move there, as one step of the history. */
  goTo(place: Place): void {
    this.move(place)
  }

  /** Put the sliders on other axes: z stays, and so does the picture. */
  private async enter(mode: Mode, tell = true): Promise<void> {
    this.wantedMode = mode
    let set: AxisSet
    try {
      set = await this.origin.axes(mode, this.place)
    } catch (error) {
      if (this.wantedMode === mode) this.axes.refuse(this.mode, `No axes: ${String(error)}`)
      return
    }
    if (this.wantedMode !== mode) return // another one was chosen meanwhile
    this.mode = mode
    this.axes.showSet(mode, set)
    this.axes.follow(this.place.z, true)
    this.refresh()
    if (tell) this.reporter.schedule()
  }

  private async load(): Promise<void> {
    const { model, origin } = this
    const codes = origin.codes().then((rows) => {
      if (!rows) return
      const kind = model.typicality?.kind ?? "neighbours"
      this.dataCodes = dataCodes(rows, model.latentDim, kind)
      this.showTrust()
    })
    try {
      const some = codesOf([this.place], model.classes.length)
      this.decoder.use(await origin.page(some))
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

  private set(axis: Axis, value: number): void {
    this.place = { ...this.place, z: moved(axis, this.place.z, value, this.axes.held) }
    this.refresh() // first: the worker is waiting
    if (this.mode.name !== LATENT) this.axes.follow(this.place.z)
  }

  private move(place: Place, record = true, tell = true): void {
    this.place = place
    this.axes.follow(place.z, true)
    this.chips?.show(place)
    this.refresh()
    if (record) this.history.record(place)
    this.panel.showSteps(this.history.canUndo, this.history.canRedo)
    if (tell) this.reporter.schedule()
  }

  private pick(label: number): void {
    const z = sameStyle(this.model.prior, this.place, label)
    this.move({ ...this.place, z, label })
  }

  private resetOne(axis: Axis): void {
    const value = coordinate(axis, home(this.model, this.place.label))
    this.move({ ...this.place, z: moved(axis, this.place.z, value, this.axes.held) })
  }

  /** Go to another code, except along the axes that are locked. */
  private jump(z: number[]): void {
    this.move({ ...this.place, z: keeping(this.place.z, z, this.axes.held) })
  }

  private commit(): void {
    this.history.record(this.place)
    this.panel.showSteps(this.history.canUndo, this.history.canRedo)
    this.reporter.schedule()
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
      random: () => this.jump(draw(model.prior, this.place)),
      home: () => this.jump(home(model, this.place.label)),
      undo: () => void go(this.history.undo()),
      redo: () => void go(this.history.redo()),
      pin: () => this.pin(),
      swap: () => this.swap(),
      save: () => savePng(this.panel.canvas, `${model.id}.png`),
      copyJson: () => void offer(asJson(model, this.place), "JSON"),
      copyPython: () => void offer(asPython(model, this.place), "Python"),
      copyLink: () => void offer(this.origin.link?.(this.place, this.mode.name) ?? "", "Link"),
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
    const steering = make(
      "section",
      { className: "steering" },
      ...(this.chips ? [this.chips.element] : []),
      this.axes.element,
    )
    const parts = make("div", { className: "parts" }, this.panel.element, steering)
    return make("div", { className: "vaelab sliders" }, parts, ...(this.classRow ? [this.classRow.element] : []))
  }

  private listen(): void {
    this.reporter.listen(this.element, this.ended.signal)
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
    this.reporter.end()
    clearTimeout(this.trustTimer)
    this.decoder.forgetIdle()
  }
}
