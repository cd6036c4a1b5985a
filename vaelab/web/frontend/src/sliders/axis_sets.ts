/** The sliders of a mode: those of the latent dimensions are here, all others on the server. */
import { post } from "../decoding/backends"
import { LATENT } from "../space/axes"
import { codesOf } from "../space/latent"
import type { Addresses, AxisSet, Mode, ModelData, Place } from "../types"

export async function axesOf(
  model: ModelData,
  addresses: Addresses,
  mode: Mode,
  place: Place,
): Promise<AxisSet> {
  const { axes, classes, unusedReason } = model
  if (mode.name === LATENT) return { axes, unusedReason, left: 0 }
  const answer = await post(`${addresses.axes}/${mode.name}`, codesOf([place], classes.length))
  return JSON.parse(new TextDecoder().decode(answer)) as AxisSet
}
