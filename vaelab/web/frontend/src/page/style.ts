/** The style sheet of a component, put into its root once. */
import base from "./base.css"
import { make } from "./dom"
import type { Root } from "../types"

export function dress(root: Root, css: string): void {
  if (root.querySelector("style[data-vaelab]")) return
  const style = make("style", { textContent: base + css })
  style.dataset["vaelab"] = ""
  root.append(style)
}
