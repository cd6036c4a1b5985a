/** The map component: points of the latent space that are decoded where one points. */
import { make } from "../page/dom"
import type { Columns } from "./columns"
import { Controls } from "./controls"
import type { MapData, Message } from "./data"
import { Explorer } from "./explorer"
import { Gestures } from "./gestures"
import { Holding } from "./holding"
import { LivePicture } from "./live_picture"
import { Look } from "./look"
import { ManifoldLayer } from "./manifold_layer"
import { Plot } from "./plot"
import { QualityLine } from "./quality"
import { Selection } from "./selection"
import { isSlow, possible, remember, remembered, type Settings } from "./settings"
import { Source } from "./source"
import { StarPlaces } from "./star_places"
import { Thumbnails } from "./thumbnails"

export class LiveMap {
  readonly element: HTMLElement
  private settings: Settings
  private readonly source: Source
  private readonly live: LivePicture
  private readonly explorer: Explorer
  private readonly manifold: ManifoldLayer
  private readonly plot: Plot
  private readonly controls: Controls
  private readonly look: Look
  private readonly holding: Holding
  private readonly selection: Selection
  private readonly stars: StarPlaces
  private readonly gestures: Gestures
  private readonly quality = new QualityLine()
  private readonly said = make("p", { className: "note said", aria: { role: "status", live: "polite" } })
  private columns: Columns | null = null
  private loading = new AbortController()
  private answered = -1
  /** Which points are here with all that goes with them. */
  private complete = ""

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
    this.controls = this.makeControls()
    this.look = new Look(this.plot, data.palette, this.controls.layers, () => {
      this.holding.shown = this.look.shown
    })
    this.holding = new Holding(model, this.plot, this.explorer, this.live, this.source, settings, tell)
    above.append(this.holding.hoverCard.element)
    this.selection = new Selection(model, this.plot, this.explorer, settings, tell)
    this.stars = new StarPlaces(this.plot, this.source)
    this.gestures = new Gestures(this.plot.surface, this.gestured())
    this.element = this.build()
    this.change({})
  }

  private makeControls(): Controls {
    return new Controls(this.data.model, {
      settings: (wanted) => this.change(wanted),
      tool: (tool) => (this.gestures.tool = tool),
      layers: () => this.drawLayers(),
      zoom: (factor) => this.zoom(this.plot.view.width / 2, this.plot.view.height / 2, factor),
      reset: () => this.reset(),
    })
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
    const under = [this.look.legend.element, this.quality.element]
    const stage = make("div", { className: "stage" }, this.plot.element, ...under)
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
      click: (px: number, py: number) => {
        const found = this.stars.at(px, py)
        if (found) this.holding.holdStar(found.star, found.at)
        else this.holding.click(px, py)
      },
      pan: (dx: number, dy: number) => {
        this.plot.view.pan(dx, dy)
        this.plot.changed()
      },
      zoom: (px: number, py: number, factor: number) => this.zoom(px, py, factor),
      reset: () => this.reset(),
      outline: (corners: [number, number][], done: boolean) => {
        this.holding.leave()
        this.selection.outline(corners, done, this.look.shown, this.look.ink().classes)
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
    const ids = (of: MapData) => of.stars.map(({ id }) => id).join()
    const isStarred = ids(data) !== ids(this.data)
    this.data = data
    this.tellPython = tellPython
    this.selection.list.show(data.groups)
    if (data.said && data.said.id !== this.answered) {
      this.answered = data.said.id
      this.say(data.said.text, data.said.isError)
    }
    if (isStarred && this.columns) void this.placeStars(true)
    this.look.followTheme()
  }

  private say(text: string, isError: boolean): void {
    this.said.textContent = text
    this.said.classList.toggle("error", isError)
  }

  private change(wanted: Partial<Settings>): void {
    const now = (this.settings = possible(this.data.model, { ...this.settings, ...wanted }))
    this.controls.show(now)
    if (Object.keys(wanted).length) remember(this.data.model, now)
    void this.load(pointsOf(now) !== this.complete)
  }

  /** Fetch the points, and what goes with them; `anew` unless only their colour is another. */
  private async load(anew: boolean): Promise<void> {
    this.loading.abort()
    const { signal } = (this.loading = new AbortController())
    const { settings } = this
    const { projections, values } = this.data.model
    const chosen = projections.find(({ name }) => name === settings.projection)!
    const value = values.find(({ name }) => name === settings.colour)
    const slow = anew && isSlow(this.data.model, settings.projection)
    if (anew) this.complete = ""
    if (anew) this.plot.say(slow ? `Asking for ${chosen.title} …` : "Loading the points …")
    const work = slow ? `Computing ${chosen.title}` : `Measuring ${value?.title}`
    try {
      const columns = await this.source.columns(settings, signal, (progress) =>
        this.plot.showProgress(progress, work),
      )
      await this.show(columns, anew, chosen.description)
      if (!anew) return
      void this.source.quality(settings, signal).then(
        (quality) => this.quality.show(columns, chosen.description, quality),
        () => undefined, // another map was asked for
      )
      await this.fetchRest(settings, signal)
      if (!signal.aborted) this.complete = pointsOf(settings)
    } catch (error) {
      if (!signal.aborted) this.plot.say(error instanceof Error ? error.message : String(error), true)
    }
  }

  private async show(columns: Columns, anew: boolean, description: string): Promise<void> {
    this.columns = columns
    if (anew) {
      this.selection.clear()
      this.holding.release()
      this.holding.forget()
      this.manifold.hide()
      this.stars.clear()
      this.explorer.use(columns)
      this.quality.show(columns, description)
    }
    this.controls.offerDecoded(columns.header.inverse.kind === "affine")
    await this.look.show(columns, anew)
    this.holding.shown = this.look.shown
    this.decodePlane()
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
    this.look.thumbnails?.end()
    this.look.thumbnails = this.selection.thumbnails = file ? new Thumbnails(file) : null
    this.look.drawLayers()
  }

  /** Ask where the uploaded pictures lie; `hold` the newest. */
  private async placeStars(hold: boolean): Promise<void> {
    const { signal } = this.loading
    try {
      await this.stars.place(this.data.stars, this.settings, signal)
    } catch (error) {
      if (signal.aborted) return
      return this.say(`The picture cannot be placed: ${error instanceof Error ? error.message : String(error)}`, true)
    }
    const { newest } = this.stars
    if (hold && newest) this.holding.holdStar(newest.star, newest.at)
  }

  private drawLayers(): void {
    this.look.drawLayers()
    this.decodePlane()
  }

  private viewMoved(): void {
    this.holding.viewChanged()
    this.decodePlane()
  }

  private classChanged(): void {
    this.holding.again()
    this.decodePlane()
  }

  private decodePlane(): void {
    const inverse = this.columns?.header.inverse
    const wanted = this.controls.layers.decoded && inverse?.kind === "affine"
    if (wanted) this.manifold.refresh(this.plot.view, inverse)
    else this.manifold.hide()
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

  /** Take it out of the page. */
  end(): void {
    this.loading.abort()
    this.holding.end()
    this.explorer.decoder.forgetIdle()
    this.manifold.hide()
    this.look.thumbnails?.end()
    this.plot.end()
    this.element.remove()
  }
}

/** What decides which points are drawn; the rest of the settings is their colour. */
function pointsOf({ projection, split, n, dims }: Settings): string {
  return [projection, split, n, ...dims].join()
}
