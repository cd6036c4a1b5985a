/** The bundle's entry: Streamlit's side of the map component. */
import { dress } from "../page/style"
import type { Component, Root } from "../types"
import type { MapData, Message } from "./data"
import { LiveMap } from "./map"
import css from "./map.css"
import { hasWebGl } from "./points_layer"

interface Mounted {
  key: string
  map: LiveMap
}
const mounted = new WeakMap<Root, Mounted>()

/** Streamlit's renderer: called at the mount and again with every new `data`; returns the end. */
export function mount(component: Component<MapData>): () => void {
  const { data, parentElement, setStateValue, setTriggerValue } = component
  const key = data.addresses.decoder
  const tell = (message: Message) => setTriggerValue("message", message)
  let entry = mounted.get(parentElement)
  if (!entry && !hasWebGl()) {
    setStateValue("webgl", false) // and Python draws the map without
    return () => undefined
  }
  if (entry?.key !== key) {
    entry?.map.end()
    dress(parentElement, css)
    entry = { key, map: new LiveMap(data, tell) }
    mounted.set(parentElement, entry)
    parentElement.append(entry.map.element)
  }
  entry.map.update(data, tell)
  return () => {
    mounted.get(parentElement)?.map.end()
    mounted.delete(parentElement)
  }
}
