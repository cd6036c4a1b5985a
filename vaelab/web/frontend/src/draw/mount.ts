/** The bundle's entry: Streamlit's side of the draw component, of masks and of pasting. */
import { make } from "../page/dom"
import { dress } from "../page/style"
import type { Component, Root } from "../types"
import type { DrawData, MaskData, PasteData } from "./data"
import { Draw } from "./draw"
import css from "./draw.css"
import { Mask } from "./mask"
import { Paste } from "./paste"

type Data = DrawData | MaskData | PasteData

/** What one of the bundle's components does with what Python sends. */
interface Part {
  element: HTMLElement
  update(tell: (said: unknown) => void, data: unknown): void
  end(): void
}
const mounted = new WeakMap<Root, { key: string; part: Part }>()
/** What Python hears of each: the name of its trigger. */
const SAID = { draw: "drawing", mask: "hidden", paste: "pasted" }

/** Streamlit's renderer: called at the mount and again with every new `data`; returns the end. */
export function mount(component: Component<Data>): () => void {
  const { data, parentElement, setTriggerValue } = component
  const key = `${data.kind} ${data.addresses.decoder}`
  const tell = (said: unknown) => setTriggerValue(SAID[data.kind], said)
  let entry = mounted.get(parentElement)
  if (entry?.key !== key) {
    entry?.part.end()
    const part = made(data, tell)
    entry = { key, part }
    mounted.set(parentElement, entry)
    dress(parentElement, css)
    const frame = data.kind === "paste" ? make("div", { className: "vaelab" }, part.element) : part.element
    parentElement.append(frame)
  }
  entry.part.update(tell, data)
  return () => {
    mounted.get(parentElement)?.part.end()
    mounted.delete(parentElement)
  }
}

function made(data: Data, tell: (said: unknown) => void): Part {
  if (data.kind === "draw") return new Draw(data, tell)
  return data.kind === "mask" ? new Mask(data, tell) : new Paste(data, tell)
}
