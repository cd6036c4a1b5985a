/** Where the sliders' pictures, codes and axes come from: a server, or the page's own file. */
import { type Backend } from "../decoding/decoder"
import { inThePage, onTheServer } from "../decoding/backends"
import type { AxisSet, Codes, Mode, Place, SlidersData } from "../types"
import { axesOf } from "./axis_sets"
import { asLink } from "./share"

export interface Origin {
  /** Decodes until the page itself can. */
  first: Backend
  page(some: Codes): Promise<Backend>
  /** Some of the data's codes, to measure against; null where there are none. */
  codes(): Promise<Float32Array | null>
  axes(mode: Mode, place: Place): Promise<AxisSet>
  /** The page's address with the place in it; null where it cannot be passed on. */
  link: ((place: Place, mode: string) => string) | null
}

/** The app's server. */
export function served({ model, addresses }: SlidersData): Origin {
  return {
    first: onTheServer(model, addresses),
    page: (some) => inThePage(model, addresses, some),
    async codes() {
      const answer = await fetch(new URL(addresses.codes, document.baseURI))
      return answer.ok ? new Float32Array(await answer.arrayBuffer()) : null
    },
    axes: (mode, place) => axesOf(model, addresses, mode, place),
    link: (place, mode) => asLink(model, place, mode, location.href),
  }
}
