/** How far the map can be trusted, in words and numbers. */
import { make } from "../page/dom"
import type { Columns, Quality } from "./columns"

const HELP = {
  trustworthiness: "Of the points that are neighbours on the map, how far they are neighbours in the full latent space: 1 is all, about 0.5 is chance (Venna and Kaski 2001).",
  continuity: "Of the codes that are neighbours in the full latent space, how far they are neighbours on the map.",
  neighbourHit: "Of a point's neighbours on the map, the share of its own class.",
}

export class QualityLine {
  readonly element = make("p", { className: "note quality" })

  /** `quality` is null while it is being measured, and of too few points. */
  show({ header }: Columns, description: string, quality: Quality | null = header.quality): void {
    const { projection, n } = header
    const share = (projection.explainedVariance ?? []).reduce((sum, part) => sum + part, 0)
    const parts: (Node | string)[] = [amount(n, header.available), " ", description]
    if (projection.name === "pca") parts.push(` This plane holds ${percent(share)} of the codes’ variance.`)
    if (quality) {
      const { trustworthiness, continuity, neighbourHit, k } = quality
      parts.push(
        ` Of what looks close here, ${word(trustworthiness)} is close in the full latent space: `,
        figure("trustworthiness", trustworthiness, HELP.trustworthiness),
        ", ",
        figure("continuity", continuity, HELP.continuity),
        ...(neighbourHit === null ? [] : [", ", figure("neighbour hit", neighbourHit, HELP.neighbourHit)]),
        ` (${k} neighbours, measured on ${quality.n.toLocaleString("en")} codes).`,
      )
    }
    this.element.replaceChildren(...parts)
  }
}

function amount(n: number, available: number): string {
  const drawn = n.toLocaleString("en")
  return n < available ? `${drawn} of ${available.toLocaleString("en")} codes.` : `${drawn} codes.`
}

function figure(name: string, value: number, help: string): HTMLElement {
  return make("span", { className: "figure", title: help }, `${name} ${value.toFixed(2)}`)
}

function word(trustworthiness: number): string {
  if (trustworthiness >= 0.97) return "nearly everything"
  if (trustworthiness >= 0.9) return "most"
  if (trustworthiness >= 0.75) return "much, but not all,"
  return "little more than chance"
}

export function percent(share: number): string {
  const value = 100 * share
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)}%`
}
