/** The page's own address: it names the model and its very weights. */
import type { Decodable } from "../types"

const MODEL = "model"
const WEIGHTS = "weights"
const DIGITS = 12

/** Have an address name the model; a page that is not served knows no weights. */
export function nameModel(url: URL, model: Pick<Decodable, "id" | "weights">): void {
  url.searchParams.set(MODEL, model.id)
  if (model.weights) url.searchParams.set(WEIGHTS, model.weights.slice(0, DIGITS))
  else url.searchParams.delete(WEIGHTS)
}

/** Change the address without an entry in the browser's history; an empty value takes one out. */
export function keepInAddress(model: Pick<Decodable, "id" | "weights">, name: string, value: string): void {
  const url = new URL(location.href)
  nameModel(url, model)
  if (value) url.searchParams.set(name, value)
  else url.searchParams.delete(name)
  if (url.href !== location.href) history.replaceState(history.state, "", url)
}
