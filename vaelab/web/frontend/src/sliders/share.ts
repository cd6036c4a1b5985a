/** What can be taken along: a PNG, the code as JSON or Python, a link. */
import { nameModel } from "../page/address"
import { LATENT } from "../space/axes"
import type { ModelData, Place } from "../types"

const PNG_SIDE = 256
const DIGITS = 4

export function rounded(z: number[]): number[] {
  return z.map((value) => Number(value.toFixed(DIGITS)))
}

export function asJson(model: ModelData, place: Place): string {
  const value: Record<string, unknown> = { model: model.id, z: rounded(place.z) }
  if (place.label !== null) value["class"] = model.classes[place.label]
  if (place.other !== null) {
    value["blend"] = { with: model.classes[place.other], share: place.blend }
  }
  return JSON.stringify(value)
}

/** A script that decodes the same picture. */
export function asPython(model: ModelData, place: Place): string {
  const lines = [
    "import torch",
    "from vaelab import load_checkpoint, load_model",
    "",
    `model = load_model(load_checkpoint(${JSON.stringify(model.id)}))`,
    `z = torch.tensor([${JSON.stringify(rounded(place.z))}])`,
  ]
  if (place.label !== null) {
    lines.push(`y = torch.zeros(1, ${model.classes.length})`)
    lines.push(`y[0, ${place.label}] = ${place.other === null ? 1 : 1 - place.blend}`)
    if (place.other !== null) lines.push(`y[0, ${place.other}] += ${place.blend}`)
  }
  const inputs = place.label === null ? "z" : "z, y"
  lines.push(`picture = model.decode(${inputs}).mean[0]  # (C, H, W) in [0, 1]`)
  return `${lines.join("\n")}\n`
}

/** The page's own address with the place in it, and what the sliders move along. */
export function asLink(model: ModelData, place: Place, mode: string, page: string): string {
  const url = new URL(page)
  url.search = ""
  url.hash = ""
  nameModel(url, model)
  url.searchParams.set("z", rounded(place.z).join(","))
  if (place.label !== null) url.searchParams.set("class", model.classes[place.label] ?? "")
  if (place.other !== null) {
    url.searchParams.set("blend", `${model.classes[place.other]},${place.blend}`)
  }
  if (mode !== LATENT) url.searchParams.set("axes", mode)
  return url.href
}

export async function copy(text: string): Promise<boolean> {
  if (!navigator.clipboard) return false // a page that is not served securely
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
}

/** The picture enlarged by whole pixels, as a download. */
export function savePng(canvas: HTMLCanvasElement, name: string): void {
  const factor = Math.max(1, Math.floor(PNG_SIDE / Math.max(canvas.width, canvas.height)))
  const large = document.createElement("canvas")
  large.width = canvas.width * factor
  large.height = canvas.height * factor
  const context = large.getContext("2d")
  if (!context) return
  context.imageSmoothingEnabled = false
  context.drawImage(canvas, 0, 0, large.width, large.height)
  large.toBlob((blob) => {
    if (!blob) return
    const link = document.createElement("a")
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }, "image/png")
}
