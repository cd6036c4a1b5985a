/** How the points look: colours, legend, contours, pictures. */
import { classColours, isDark, type Palette, valueColours } from "./colours"
import type { Columns } from "./columns"
import type { Layers } from "./controls"
import { contour, densityOf, levelsFor } from "./density"
import { Legend } from "./legend"
import type { Plot } from "./plot"
import type { Colouring } from "./points_layer"
import type { Ink } from "./still_layer"
import type { Thumbnails } from "./thumbnails"
import { type Box, boxOf } from "./view"

const SHARES = [0.95, 0.75, 0.5, 0.25] // of the codes inside each contour
const MARGIN = 0.08 // of the points' extent, around what the contours are made of

export class Look {
  readonly legend: Legend
  thumbnails: Thumbnails | null = null
  private columns: Columns | null = null
  private dark = false

  /** `filtered` is told when other classes are shown. */
  constructor(
    private readonly plot: Plot,
    private readonly palette: Palette,
    private readonly layers: Layers,
    filtered: () => void,
  ) {
    this.legend = new Legend(() => {
      this.recolour()
      this.drawLayers()
      filtered()
    })
  }

  /** Of each class, and of points without one. */
  get shown(): boolean[] {
    return this.legend.shown
  }

  /** Draw these points; `anew` shows all of them, otherwise the view stays. */
  async show(columns: Columns, anew: boolean): Promise<void> {
    this.columns = columns
    this.dark = isDark(this.plot.element)
    this.showLegend(columns)
    const box = anew ? boxOf(columns.x, columns.y) : null
    await this.plot.show(columns, this.colouring(), this.ink(), box)
    this.drawLayers()
  }

  /** Follow the page's theme. */
  followTheme(): void {
    if (!this.columns || isDark(this.plot.element) === this.dark) return
    this.dark = !this.dark
    this.showLegend(this.columns)
    this.recolour()
  }

  drawLayers(): void {
    const { marks } = this.plot
    marks.contours = this.layers.contours ? this.contours() : []
    marks.thumbnails = this.layers.pictures ? this.thumbnails : null
    this.plot.repaint()
  }

  ink(): Ink {
    const style = getComputedStyle(this.plot.element)
    const of = (name: string) => style.getPropertyValue(name).trim()
    return {
      text: of("--st-text-color") || "#222222",
      page: of("--st-background-color") || "#ffffff",
      accent: of("--st-primary-color") || "#4f46e5",
      classes: this.classColours([]),
    }
  }

  private classColours(shown: boolean[]): string[] {
    return classColours(this.palette, this.columns?.header.classes.length ?? 0, this.dark, shown)
  }

  private colouring(): Colouring {
    const { shown } = this
    if (this.columns?.value) return { by: "value", colours: valueColours(this.dark), shown }
    return { by: "class", colours: this.classColours(shown), shown }
  }

  private recolour(): void {
    this.plot.colour(this.colouring(), this.ink())
  }

  private showLegend(columns: Columns): void {
    const { value, valueNote } = columns.header
    this.legend.showClasses(columns, this.classColours([]))
    this.legend.showValue(value, this.dark, valueNote ? `${valueNote} Coloured by class.` : "")
  }

  private contours(): Float32Array[] {
    const { columns } = this
    if (!columns) return []
    const { shown } = this
    const wanted = (i: number) => shown[columns.label[i]!] !== false
    const field = densityOf(columns.x, columns.y, widened(boxOf(columns.x, columns.y)), 96, wanted)
    return levelsFor(field, SHARES).map((level) => contour(field, level))
  }
}

function widened({ low, high }: Box): Box {
  const [across, up] = [MARGIN * (high[0] - low[0]), MARGIN * (high[1] - low[1])]
  return { low: [low[0] - across, low[1] - up], high: [high[0] + across, high[1] + up] }
}
