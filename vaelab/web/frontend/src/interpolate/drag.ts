/** What is being dragged: within one page, so it needs no text form. */
import type { Frame } from "./data"

/** A key frame to be, or (`from`) one that is to stand elsewhere in the row. */
export interface Dragged {
  frame: Frame
  from: number | null
}

let dragged: Dragged | null = null

/** Let an element be dragged; `what` says what it is when a drag begins, null for nothing. */
export function draggable(
  element: HTMLElement,
  what: (event: DragEvent) => Dragged | null,
  picture?: () => Element,
): void {
  element.draggable = true
  element.addEventListener("dragstart", (event) => {
    dragged = what(event)
    if (!dragged) return event.preventDefault()
    event.dataTransfer?.setData("text/plain", dragged.frame.source)
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove"
    if (picture) event.dataTransfer?.setDragImage(picture(), 20, 20)
  })
  element.addEventListener("dragend", () => (dragged = null))
}

/** Let things be dropped on an element. */
export function droppable(element: HTMLElement, drop: (what: Dragged) => void): void {
  const over = (on: boolean) => element.classList.toggle("over", on)
  element.addEventListener("dragover", (event) => {
    if (!dragged) return
    event.preventDefault()
    over(true)
  })
  element.addEventListener("dragleave", () => over(false))
  element.addEventListener("drop", (event) => {
    over(false)
    if (!dragged) return
    event.preventDefault()
    const what = dragged
    dragged = null
    drop(what)
  })
}
