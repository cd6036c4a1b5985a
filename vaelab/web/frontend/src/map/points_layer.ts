/** The points themselves, drawn by the graphics card. */
import createScatterplot from "regl-scatterplot"
import type { Columns } from "./columns"
import { type Unit, type View } from "./view"

const NEEDED = ["OES_texture_float", "ANGLE_instanced_arrays"]
const FADED = 0.12 // opacity of classes that are switched off, where colours stand for a value

/** Whether this browser can draw them. */
export function hasWebGl(): boolean {
  const gl = document.createElement("canvas").getContext("webgl")
  const can = gl !== null && NEEDED.every((name) => gl.getExtension(name) !== null)
  gl?.getExtension("WEBGL_lose_context")?.loseContext()
  return can
}

export interface Colouring {
  by: "class" | "value"
  /** One a class and one for no label, or 256 from low to high. */
  colours: string[]
  /** Of each class and of no label. */
  shown: boolean[]
}

export class PointsLayer {
  readonly canvas: HTMLCanvasElement
  private readonly plot: ReturnType<typeof createScatterplot>
  private unit: Unit = { centre: [0, 0], radius: 1 }
  private drawing: Promise<void> = Promise.resolve()
  private n = 0

  constructor() {
    this.canvas = document.createElement("canvas")
    this.plot = createScatterplot({
      canvas: this.canvas,
      width: 2,
      height: 2,
      backgroundColor: [0, 0, 0, 0],
      cameraIsFixed: true,
      actionKeyMap: {},
      lassoInitiator: false,
      lassoOnLongPress: false,
      deselectOnDblClick: false,
      deselectOnEscape: false,
      antiAliasing: 0.7,
    } as Parameters<typeof createScatterplot>[0])
  }

  resize(width: number, height: number): void {
    void this.plot.set({ width, height })
  }

  /** Give the card these points; resolves when they have been painted. */
  draw(columns: Columns, unit: Unit, view: View, colouring: Colouring): Promise<void> {
    const { n, x, y, label, value } = columns
    const points = {
      x: x.map((at) => (at - unit.centre[0]) / unit.radius),
      y: y.map((at) => (at - unit.centre[1]) / unit.radius),
      valueA: label,
      valueB: value ?? new Uint8Array(n),
    }
    this.drawing = this.drawing.then(async () => {
      this.unit = unit
      this.n = n
      this.plot.view(numbers(view.camera(unit)), { preventEvent: true })
      this.setColours(colouring)
      if (!n) return this.plot.clear()
      await this.plot.draw(points, {
        zDataType: "categorical",
        wDataType: "categorical",
        spatialIndex: emptyIndex(), // hovering and the lasso have an index of their own
      })
    })
    return this.drawing
  }

  colour(colouring: Colouring): void {
    void this.drawing.then(() => this.setColours(colouring))
  }

  private setColours({ by, colours, shown }: Colouring): void {
    const solid = opacityFor(this.n)
    const opacity = shown.map((on) => (on ? solid : by === "value" ? FADED * solid : 0.5 * solid))
    void this.plot.set({
      colorBy: by === "class" ? "valueA" : "valueB",
      pointColor: colours,
      opacityBy: "valueA",
      opacity: opacity.length > 1 ? opacity : [...opacity, solid],
      pointSize: sizeFor(this.n),
    })
  }

  look(view: View): void {
    this.plot.view(numbers(view.camera(this.unit)), { preventEvent: true })
  }

  end(): void {
    void this.drawing.finally(() => this.plot.destroy())
  }
}

/** Pixels across. */
function sizeFor(n: number): number {
  return Math.min(7, Math.max(1, 7 - 1.35 * Math.log10(Math.max(1, n / 300))))
}

function opacityFor(n: number): number {
  return Math.min(0.9, Math.max(0.25, 1.05 - 0.16 * Math.log10(Math.max(1, n / 300))))
}

/** An index that holds nothing, in KDBush's format: magic, version and type, node size, count. */
function emptyIndex(): ArrayBuffer {
  const bytes = new Uint8Array(8)
  bytes.set([0xdb, (1 << 4) | 8, 64, 0])
  return bytes.buffer
}

/** The library's types ask for an array, its camera for a Float32Array. */
function numbers(matrix: Float32Array): number[] {
  return matrix as unknown as number[]
}
