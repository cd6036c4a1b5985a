/** The posterior of a drawing: a mean and a standard deviation for each dimension. */
import { make } from "../page/dom"

const SHOWN = 32
const RANGE = 3.5 // standard deviations of a standard prior, on each side
const HEIGHT = 90
const STEP = 18

export class PosteriorBars {
  readonly element: HTMLElement
  private readonly canvas: HTMLCanvasElement
  private readonly n: number

  constructor(latentDim: number, isPoint: boolean) {
    this.n = Math.min(SHOWN, latentDim)
    this.canvas = make("canvas", {
      width: 2 * STEP * this.n,
      height: 2 * HEIGHT,
      aria: { role: "img", label: "posterior in each dimension" },
    })
    this.canvas.style.width = `${STEP * this.n}px`
    const all = latentDim > this.n ? `The first ${this.n} of ${latentDim} dimensions` : `z1 to z${this.n}`
    const what = isPoint ? "the code" : "posterior mean and standard deviation"
    const note = `${all}: ${what}, from −${RANGE} to ${RANGE}.`
    this.element = make("figure", { className: "posterior" }, this.canvas, make("figcaption", {}, note))
  }

  show(mean: Float32Array | null, std: Float32Array | null): void {
    const context = this.canvas.getContext("2d")
    if (!context) return
    const { width, height } = this.canvas
    const style = getComputedStyle(this.element)
    const [line, ink] = ["--st-border-color", "--st-primary-color"].map((name) => style.getPropertyValue(name).trim())
    const at = (value: number) => height * (0.5 - 0.5 * Math.max(-1, Math.min(1, value / RANGE)))
    context.clearRect(0, 0, width, height)
    context.fillStyle = line ?? "#888"
    context.fillRect(0, height / 2 - 1, width, 2)
    if (!mean) return
    context.fillStyle = ink ?? "#48f"
    for (let d = 0; d < this.n; d++) {
      const x = 2 * STEP * (d + 0.5)
      const [m, s] = [mean[d] ?? 0, std?.[d] ?? 0]
      context.fillRect(x - 1.5, at(m + s), 3, Math.max(3, at(m - s) - at(m + s)))
      context.beginPath()
      context.arc(x, at(m), 6, 0, 2 * Math.PI)
      context.fill()
    }
  }
}
