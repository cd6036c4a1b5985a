/** The map component: points of the latent space that are decoded where one points. */
import { make } from "../page/dom"
import { classColours, isDark, valueColours } from "./colours"
import type { Columns } from "./columns"
import { Controls, type Layers } from "./controls"
import type { MapData, Message } from "./data"
import { contour, densityOf, levelsFor } from "./density"
import { Explorer } from "./explorer"
import { Gestures } from "./gestures"
import { Holding } from "./holding"
import { Legend } from "./legend"
import { LivePicture } from "./live_picture"
import { ManifoldLayer } from "./manifold_layer"
import { Plot } from "./plot"
import type { Colouring } from "./points_layer"
import { QualityLine } from "./quality"
import { Selection } from "./selection"
import { isSlow, possible, remember, remembered, type Settings } from "./settings"
import { Source } from "./source"
import type { Ink } from "./still_layer"
import { Thumbnails } from "./thumbnails"
import { boxOf } from "./view"

const SHARES = [0.95, 0.75, 0.5, 0.25] // of the codes inside each contour

export class LiveMap {
  readonly element: HTMLElement
  private settings: Settings
  private readonly controls: Controls
  private readonly legend: Legend
  private readonly plot: Plot
  private readonly live: LivePicture
  private readonly explorer: Explorer
  private readonly holding: Holding
  private readonly selection: Selection
  private readonly manifold: ManifoldLayer
  private readonly gestures: Gestures
  private readonly quality = new QualityLine()
  private readonly said = make("p", { className: "note said", aria: { role: "status", live: "polite" } })
  private readonly source: Source
  private columns: Columns | null = null
  private loading = new AbortController()
  private stars: { id: string; at: [number, number] }[] = []
  private answered = -1
  private dark = false

  constructor(
    private data: MapData,
    private tellPython: (message: Message) => void,
  ) {
    const { model } = data
    const tell = (message: Message) => this.tellPython(message)
    const settings = () => this.settings
    this.settings = remembered(model)
    this.source = new Source(data.addresses, model)
    this.live = new LivePicture(model, () => this.classChanged())
    this.explorer = new Explorer(model, data.addresses, this.live)
    this.manifold = new ManifoldLayer(this.explorer.decoder, model.shape, (z, n) =>
      this.explorer.codes(z, n, this.live.label(null)),
    )
    const above = make("div", { className: "above" })
    this.plot = new Plot(this.manifold.canvas, above, () => this.viewMoved())
    this.holding = new Holding(model, this.plot, this.explorer, this.live, this.source, settings, tell)
    above.append(this.holding.hoverCard.element)
    this.selection = new Selection(model, this.plot, this.explorer, settings, tell)
    this.legend = new Legend((shown) => this.filter(shown))
    this.controls = new Controls(model, {
      settings: (wanted) => this.change(wanted),
      tool: (tool) => this.useTool(tool),
      layers: (layers) => this.showLayers(layers),
      zoom: (factor) => this.zoom(this.plot.view.width / 2, this.plot.view.height / 2, factor),
      reset: () => this.reset(),
    })
    this.gestures = new Gestures(this.plot.surface, this.gestured())
    this.element = this.build()
    this.change({})
  }

  private build(): HTMLElement {
    this.plot.element.append(this.controls.zooms())
    const panel = make(
      "aside",
      { className: "panel" },
      this.live.element,
      this.said,
      this.selection.card.element,
      this.holding.card.element,
      this.selection.list.element,
    )
    const stage = make("div", { className: "stage" }, this.plot.element, this.legend.element, this.quality.element)
    const halves = make("div", { className: "halves" }, stage, panel)
    const element = make("div", { className: "vaelab map" }, this.controls.element, halves)
    const [, height, width] = this.data.model.shape
    element.style.setProperty("--aspect", `${width} / ${height}`)
    return element
  }

  private gestured() {
    return {
      hover: (px: number, py: number) => this.holding.hover(px, py),
      leave: () => this.holding.leave(),
      click: (px: number, py: number) => this.click(px, py),
      pan: (dx: number, dy: number) => {
        this.plot.view.pan(dx, dy)
        this.plot.changed()
      },
      zoom: (px: number, py: number, factor: number) => this.zoom(px, py, factor),
      reset: () => this.reset(),
      outline: (corners: [number, number][], done: boolean) => {
        this.holding.leave()
        this.selection.outline(corners, done, this.legend.shown, this.ink().classes)
      },
      arrow: (dx: number, dy: number) => this.holding.arrow(dx, dy),
      enter: () => this.holding.holdNearest(),
      escape: () => {
        this.holding.release()
        this.selection.clear()
      },
    }
  }

  /** Python has run again. */
  update(data: MapData, tellPython: (message: Message) => void): void {
    const starred = data.stars.map(({ id }) => id).join() !== this.data.stars.map(({ id }) => id).join()
    this.data = data
    this.tellPython = tellPython
    this.selection.list.show(data.groups)
    if (data.said && data.said.id !== this.answered) {
      this.answered = data.said.id
      this.said.textContent = data.said.text
      this.said.classList.toggle("error", data.said.isError)
    }
    if (starred) void this.placeStars(true)
    if (this.columns && isDark(this.element) !== this.dark) this.recolour()
  }

  private change(wanted: Partial<Settings>): void {
    const before = this.settings
    this.settings = possible(this.data.model, { ...before, ...wanted })
    this.controls.show(this.settings)
    if (Object.keys(wanted).length) remember(this.data.model, this.settings)
    const { projection, split, n, dims } = before
    const same = JSON.stringify([projection, split, n, dims])
    const now = this.settings
    const recoloured = same === JSON.stringify([now.projection, now.split, now.n, now.dims])
    void this.load(!(recoloured && this.columns))
  }

  /** Fetch the points, and what goes with them; `anew` unless only their colour is another. */
  private async load(anew: boolean): Promise<void> {
    this.loading.abort()
    const { signal } = (this.loading = new AbortController())
    const { settings } = this
    const chosen = this.data.model.projections.find(({ name }) => name === settings.projection)
    const slow = isSlow(this.data.model, settings.projection)
    const value = this.data.model.values.find(({ name }) => name === settings.colour)
    const work = anew && slow ? `Computing ${chosen?.title}` : `Measuring ${value?.title}`
    if (anew) this.plot.say(slow ? `Asking for ${chosen?.title} …` : "Loading the points …")
    try {
      const columns = await this.source.columns(settings, signal, (progress) =>
        this.plot.showProgress(progress, work),
      )
      if (columns.n < (chosen?.smallest ?? 1)) {
        return this.plot.say(`${chosen?.title} needs ${chosen?.smallest} or more codes; there are ${columns.n} here.`)
      }
      await this.show(columns, anew, chosen?.description ?? "")
      if (!anew) return
      void this.source.quality(settings, signal).then(
        (quality) => this.quality.show(columns, chosen?.description ?? "", quality),
        () => undefined, // another map was asked for
      )
      await this.fetchRest(settings, signal)
    } catch (error) {
      if (signal.aborted) return
      this.plot.say(error instanceof Error ? error.message : String(error), true)
    }
  }

  private async show(columns: Columns, anew: boolean, description: string): Promise<void> {
    this.columns = columns
    if (anew) {
      this.selection.clear()
      this.holding.release()
      this.holding.forget()
      this.manifold.hide()
      this.plot.marks.stars = []
      this.explorer.use(columns)
    }
    this.dark = isDark(this.element)
    const ink = this.ink()
    this.legend.showClasses(columns, ink.classes)
    this.showScale(columns)
    this.holding.shown = this.legend.shown
    this.controls.offerDecoded(columns.header.inverse.kind === "affine")
    this.quality.show(columns, description)
    const { x, y } = columns
    await this.plot.show(columns, this.colouring(ink), this.ink(), anew ? boxOf(x, y) : null)
    this.showLayers(this.controls.layers)
    this.plot.say("")
    performance.mark("points shown")
  }

  /** Codes and pictures: the points are there before them. */
  private async fetchRest(settings: Settings, signal: AbortSignal): Promise<void> {
    const thumbnails = this.source.thumbnails(settings, signal).catch(() => null)
    this.explorer.useCodes(await this.source.codes(settings, signal))
    this.holding.again()
    await this.placeStars(false)
    const file = await thumbnails
    if (signal.aborted) return file?.image.close()
    this.selection.thumbnails?.end()
    this.selection.thumbnails = file ? new Thumbnails(file) : null
    this.showLayers(this.controls.layers)
  }

  private ink(): Ink {
    const style = getComputedStyle(this.element)
    const of = (name: string) => style.getPropertyValue(name).trim()
    const n = this.columns?.header.classes.length ?? 0
    return {
      text: of("--st-text-color") || "#222222",
      page: of("--st-background-color") || "#ffffff",
      accent: of("--st-primary-color") || "#4f46e5",
      classes: classColours(this.data.palette, n, this.dark, []),
    }
  }

  private colouring(ink: Ink): Colouring {
    const { shown } = this.legend
    if (this.columns?.value) return { by: "value", colours: valueColours(this.dark), shown }
    return { by: "class", colours: classColours(this.data.palette, ink.classes.length - 1, this.dark, shown), shown }
  }

  private recolour(): void {
    if (!this.columns) return
    this.dark = isDark(this.element)
    const ink = this.ink()
    this.legend.showClasses(this.columns, ink.classes)
    this.showScale(this.columns)
    this.plot.colour(this.colouring(ink), ink)
  }

  private showScale({ header }: Columns): void {
    const note = header.valueNote ? `${header.valueNote} Coloured by class.` : ""
    this.legend.showValue(header.value, this.dark, note)
  }

  private filter(shown: boolean[]): void {
    this.holding.shown = shown
    const ink = this.ink()
    this.plot.colour(this.colouring(ink), ink)
    this.showLayers(this.controls.layers)
  }

  private showLayers({ contours, pictures, decoded }: Layers): void {
    const { marks } = this.plot
    marks.contours = contours ? this.contours() : []
    marks.thumbnails = pictures ? this.selection.thumbnails : null
    this.plot.repaint()
    if (decoded) this.decodePlane()
    else this.manifold.hide()
  }

  private contours(): Float32Array[] {
    const { columns } = this
    if (!columns) return []
    const { low, high } = boxOf(columns.x, columns.y)
    const margin = [0, 1].map((d) => 0.08 * (high[d]! - low[d]!))
    const box = {
      low: [low[0] - margin[0]!, low[1] - margin[1]!] as [number, number],
      high: [high[0] + margin[0]!, high[1] + margin[1]!] as [number, number],
    }
    const { shown } = this.legend
    const wanted = (i: number) => shown[columns.label[i]!] !== false
    const field = densityOf(columns.x, columns.y, box, 96, wanted)
    return levelsFor(field, SHARES).map((level) => contour(field, level))
  }

  private viewMoved(): void {
    this.holding.viewChanged()
    this.decodePlane()
  }

  private decodePlane(): void {
    const inverse = this.columns?.header.inverse
    if (this.controls.layers.decoded && inverse?.kind === "affine") {
      this.manifold.refresh(this.plot.view, inverse)
    }
  }

  private classChanged(): void {
    this.holding.again()
    this.decodePlane()
  }

  private useTool(tool: "move" | "lasso" | "box"): void {
    this.gestures.tool = tool
    this.plot.surface.dataset["tool"] = tool
  }

  private zoom(px: number, py: number, factor: number): boolean {
    const zoomed = this.plot.view.zoomAt(px, py, factor)
    if (zoomed) this.plot.changed()
    return zoomed
  }

  private reset(): void {
    this.plot.view.reset()
    this.plot.changed()
  }

  private click(px: number, py: number): void {
    const near = (at: [number, number]) => {
      const [sx, sy] = this.plot.view.toScreen(...at)
      return Math.hypot(sx - px, sy - py) < 14
    }
    const found = this.stars.find(({ at }) => near(at))
    const star = this.data.stars.find(({ id }) => id === found?.id)
    if (found && star) this.holding.holdStar(star, found.at)
    else this.holding.click(px, py)
  }

  /** Ask where the uploaded pictures lie; `hold` the newest. */
  private async placeStars(hold: boolean): Promise<void> {
    const { stars } = this.data
    const { signal } = this.loading
    try {
      const places = stars.length && this.columns ? await this.source.place(this.settings, stars.map(({ z }) => z), signal) : []
      this.stars = places.map((at, i) => ({ id: stars[i]!.id, at }))
    } catch (error) {
      if (signal.aborted) return
      this.said.textContent = `The picture cannot be placed: ${error instanceof Error ? error.message : String(error)}`
      return
    }
    this.plot.marks.stars = this.stars.map(({ at }, i) => ({ at, name: stars[i]!.name }))
    this.plot.repaint()
    const newest = stars.at(-1)
    const at = this.stars.at(-1)?.at
    if (hold && newest && at) this.holding.holdStar(newest, at)
  }

  /** Take it out of the page. */
  end(): void {
    this.loading.abort()
    this.holding.end()
    this.explorer.decoder.forgetIdle()
    this.manifold.hide()
    this.selection.thumbnails?.end()
    this.plot.end()
    this.element.remove()
  }
}
