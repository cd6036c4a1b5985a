/** The bundle's entry: Streamlit's side of the sliders component. */
import { dress } from "../page/style"
import { served } from "./origin"
import { Sliders } from "./sliders"
import css from "./sliders.css"
import type { Told } from "./reporter"
import type { Component, Root, SlidersData } from "../types"

interface Mounted {
  key: string
  sliders: Sliders
}
const mounted = new WeakMap<Root, Mounted>()

/** Streamlit's renderer: called at the mount and again with every new `data`; returns the end. */
export function mount({ data, parentElement, setStateValue }: Component<SlidersData>): () => void {
  const key = data.addresses.decoder
  const tell = (told: Told) => setStateValue("place", told)
  let entry = mounted.get(parentElement)
  if (entry?.key !== key) {
    entry?.sliders.end()
    entry = { key, sliders: new Sliders(data, served(data), tell) }
    mounted.set(parentElement, entry)
    dress(parentElement, css)
    parentElement.append(entry.sliders.element)
  }
  entry.sliders.update(data, tell)
  return () => {
    mounted.get(parentElement)?.sliders.end()
    mounted.delete(parentElement)
  }
}
