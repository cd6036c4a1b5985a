/** The bundle's entry: Streamlit's side of the draw component and of pasting. */
import { make } from "../page/dom"
import { dress } from "../page/style"
import type { Component, Root } from "../types"
import type { DrawData, PasteData } from "./data"
import { Draw } from "./draw"
import css from "./draw.css"
import { Paste } from "./paste"

interface Mounted {
  key: string
  part: Draw | Paste
}
const mounted = new WeakMap<Root, Mounted>()

/** Streamlit's renderer: called at the mount and again with every new `data`; returns the end. */
export function mount(component: Component<DrawData | PasteData>): () => void {
  const { data, parentElement, setTriggerValue } = component
  const key = `${data.kind} ${data.addresses.decoder}`
  const tell = (said: unknown) => setTriggerValue(data.kind === "draw" ? "drawing" : "pasted", said)
  let entry = mounted.get(parentElement)
  if (entry?.key !== key) {
    entry?.part.end()
    const part = data.kind === "draw" ? new Draw(data, tell) : new Paste(data, tell)
    entry = { key, part }
    mounted.set(parentElement, entry)
    dress(parentElement, css)
    const frame = data.kind === "draw" ? part.element : make("div", { className: "vaelab" }, part.element)
    parentElement.append(frame)
  }
  entry.part.update(tell)
  return () => {
    mounted.get(parentElement)?.part.end()
    mounted.delete(parentElement)
  }
}
