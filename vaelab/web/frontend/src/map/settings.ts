/** What the map shows, kept in the page's address and for as long as the browser's tab lives. */
import { keepInAddress } from "../page/address"
import type { MapModel } from "./data"

export interface Settings {
  projection: string
  split: string
  n: number
  dims: [number, number]
  /** `class`, or the name of a value. */
  colour: string
}

const COUNTS = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
const USUAL = 20_000
const USUAL_SLOW = 5_000
const PARAMETER = "map"

/** How many points can be asked for, ascending. */
export function countsFor(model: MapModel, settings: Pick<Settings, "projection" | "split">): number[] {
  const available = availableIn(model, settings.split)
  const slow = isSlow(model, settings.projection)
  const most = slow ? Math.min(available, model.mostForSlow) : available
  return [...COUNTS.filter((n) => n < most), most]
}

export function availableIn(model: MapModel, split: string): number {
  return model.splits.find((entry) => entry.name === split)?.n ?? 0
}

export function isSlow(model: MapModel, projection: string): boolean {
  return model.projections.find((entry) => entry.name === projection)?.slow ?? false
}

/** The same settings with everything that is not to be had replaced. */
export function possible(model: MapModel, wanted: Partial<Settings>): Settings {
  const of = <T>(value: T | undefined, all: T[], otherwise: T): T =>
    value !== undefined && all.includes(value) ? value : otherwise
  const projections = model.projections.map((entry) => entry.name)
  const usual = model.latentDim <= 2 ? "dims" : "pca"
  const projection = of(wanted.projection, projections, usual)
  const split = of(wanted.split, model.splits.map((entry) => entry.name), "all")
  const counts = countsFor(model, { projection, split })
  const most = isSlow(model, projection) ? USUAL_SLOW : USUAL
  const fitting = counts.filter((n) => n <= (wanted.n ?? most))
  const n = wanted.n !== undefined && wanted.n >= counts.at(-1)! ? counts.at(-1)! : (fitting.at(-1) ?? counts[0]!)
  const colour = of(wanted.colour, ["class", ...model.values.map((entry) => entry.name)], "class")
  return { projection, split, n, dims: dimsOf(model, wanted.dims), colour }
}

function dimsOf(model: MapModel, wanted: [number, number] | undefined): [number, number] {
  const k = model.latentDim
  const fits = (d: number | undefined) => Number.isInteger(d) && d! >= 0 && d! < k
  if (wanted && fits(wanted[0]) && fits(wanted[1]) && wanted[0] !== wanted[1]) return wanted
  if (k <= 2) return [0, Math.min(1, k - 1)]
  return [model.axes[0]?.dim ?? 0, model.axes[1]?.dim ?? 1]
}

/** `pca;all;20000;0,1;class`. */
export function written(settings: Settings): string {
  const { projection, split, n, dims, colour } = settings
  return [projection, split, n, dims.join(","), colour].join(";")
}

export function read(text: string): Partial<Settings> {
  const [projection, split, n, dims, colour] = text.split(";")
  const pair = (dims ?? "").split(",").map(Number)
  return {
    ...(projection ? { projection } : {}),
    ...(split ? { split } : {}),
    ...(Number(n) > 0 ? { n: Number(n) } : {}),
    ...(pair.length === 2 ? { dims: [pair[0]!, pair[1]!] } : {}),
    ...(colour ? { colour } : {}),
  }
}

/** Those of the address, else the tab's last ones of this model. */
export function remembered(model: MapModel): Settings {
  const asked = new URL(location.href).searchParams.get(PARAMETER)
  return possible(model, read(asked ?? sessionStorage.getItem(key(model)) ?? ""))
}

export function remember(model: MapModel, settings: Settings): void {
  sessionStorage.setItem(key(model), written(settings))
  keepInAddress(model, PARAMETER, written(settings))
}

function key(model: MapModel): string {
  return `vaelab map ${model.id}`
}
