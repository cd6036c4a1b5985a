/** The bundle's entry: Streamlit's side of the interpolate component. */
import { dress } from "../page/style"
import type { Component, Root } from "../types"
import type { InterpolateData, Tell } from "./data"
import { Interpolate } from "./interpolate"
import css from "./interpolate.css"

interface Mounted {
  key: string
  interpolate: Interpolate
  /** Number of the last edit that was told to Python. */
  sequence: number
}
const mounted = new WeakMap<Root, Mounted>()

/** Streamlit's renderer: called at the mount and again with every new `data`; returns the end. */
export function mount(component: Component<InterpolateData>): () => void {
  const { data, parentElement } = component
  const key = data.addresses.decoder
  let entry = mounted.get(parentElement)
  const tell = teller(component, () => (entry ? ++entry.sequence : 0))
  if (entry?.key !== key) {
    entry?.interpolate.element.remove()
    entry?.interpolate.end()
    entry = { key, interpolate: new Interpolate(data, tell), sequence: data.sequence }
    mounted.set(parentElement, entry)
    dress(parentElement, css)
    parentElement.append(entry.interpolate.element)
  }
  entry.interpolate.update(data, tell, data.sequence < entry.sequence)
  return () => {
    mounted.get(parentElement)?.interpolate.end()
    mounted.delete(parentElement)
  }
}

function teller({ setStateValue, setTriggerValue }: Component<InterpolateData>, next: () => number): Tell {
  return {
    edit: (frames) => setStateValue("edit", { sequence: next(), frames }),
    wanted: (version) => setStateValue("wanted", version),
    again: (kind) => setTriggerValue("again", kind),
    steer: (frame) => setTriggerValue("steer", frame),
    sum: (frame, sequence) => setStateValue("sum", { ...frame, sequence }),
  }
}
