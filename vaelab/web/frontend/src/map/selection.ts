/** Codes that are selected together: counted, averaged, saved under a name. */
import type { Columns } from "./columns"
import type { MapModel, Message } from "./data"
import type { Explorer } from "./explorer"
import { GroupCard, GroupList } from "./group_card"
import { meanCode } from "./inverse"
import type { Plot } from "./plot"
import { pointsInside, polygonOf } from "./polygon"
import type { Settings } from "./settings"
import type { Thumbnails } from "./thumbnails"

export class Selection {
  readonly card: GroupCard
  readonly list: GroupList
  thumbnails: Thumbnails | null = null
  private positions: Uint32Array<ArrayBuffer> = new Uint32Array()

  constructor(
    private readonly model: MapModel,
    private readonly plot: Plot,
    private readonly explorer: Explorer,
    private readonly settings: () => Settings,
    private readonly tell: (message: Message) => void,
  ) {
    const events = {
      save: (name: string) => this.save(name),
      close: () => this.clear(),
      remove: (name: string) => tell({ kind: "delete", name }),
      direction: (from: string, to: string) => tell({ kind: "direction", from, to }),
    }
    this.card = new GroupCard(model, events)
    this.list = new GroupList(events)
  }

  /** Corners in pixels while they are drawn; with the last, what lies inside is selected. */
  outline(corners: [number, number][], done: boolean, shown: boolean[], colours: string[]): void {
    const { marks, view } = this.plot
    marks.selection = corners.map((corner) => view.toPlane(...corner))
    marks.closed = done
    this.plot.repaint()
    const { drawn } = this.explorer
    if (done && drawn) this.select(drawn, marks.selection, shown, colours)
  }

  private select(columns: Columns, corners: [number, number][], shown: boolean[], colours: string[]): void {
    performance.mark("lasso")
    const { classes } = columns.header
    const labels = columns.label
    this.positions = pointsInside(polygonOf(corners), columns.x, columns.y, labels, shown)
    const counts = new Uint32Array(classes.length + 1)
    for (let i = 0; i < this.positions.length; i++) counts[labels[this.positions[i]!]!]!++
    const named = classes.map((name, c) => ({ name, n: counts[c]!, colour: colours[c] ?? "" }))
    this.card.show(this.positions.length, named)
    performance.measure("lasso", "lasso")
    if (!this.positions.length) return
    this.showMeanCode(columns, corners, named)
    const mean = this.thumbnails?.mean(this.positions)
    if (mean && this.thumbnails) this.card.showMeanImage(mean, this.thumbnails.file.areData)
  }

  /** The mean of the codes, decoded under the selection's own mixture of classes. */
  private showMeanCode(
    columns: Columns,
    corners: [number, number][],
    counts: { n: number }[],
  ): void {
    const { anchors, hasAllCodes } = this.explorer
    if (!anchors) return
    const some = hasAllCodes ? this.positions : pointsInside(polygonOf(corners), anchors.x, anchors.y)
    if (!some.length) return
    const z = meanCode(anchors.codes, this.model.latentDim, some)
    const codes = this.explorer.codes(z, 1, 0)
    const total = counts.reduce((sum, { n }) => sum + n, 0)
    if (codes.y && total) counts.forEach(({ n }, c) => (codes.y![c] = n / total))
    const of = some.length < this.positions.length ? `The mean of ${some.length.toLocaleString("en")} of them. ` : ""
    const mixed = codes.y && columns.header.classes.length ? "Decoded under the selection’s own mixture of classes." : ""
    this.explorer.pictures("mean", codes, (pictures) => this.card.showMeanCode(pictures, `${of}${mixed}`))
  }

  private save(name: string): void {
    const { split, n } = this.settings()
    const bits = packed(this.positions, this.explorer.drawn?.n ?? 0)
    this.tell({ kind: "save", name, split, n, bits })
  }

  clear(): void {
    this.positions = new Uint32Array()
    this.plot.marks.selection = []
    this.plot.marks.closed = false
    this.card.hide()
    this.plot.repaint()
  }
}

/** One bit a point, the first in the highest bit of the first byte, as base64. */
export function packed(positions: ArrayLike<number>, n: number): string {
  const bytes = new Uint8Array(Math.ceil(n / 8))
  for (let i = 0; i < positions.length; i++) bytes[positions[i]! >> 3]! |= 128 >> (positions[i]! & 7)
  let text = ""
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  }
  return btoa(text)
}
