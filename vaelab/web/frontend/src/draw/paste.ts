/** A picture pasted anywhere on the page goes to Python as a file. */
import { toBase64 } from "../decoding/reconstruct"
import { make } from "../page/dom"
import type { PasteData } from "./data"

export interface Pasted {
  name: string
  /** base64. */
  content: string
}

export class Paste {
  readonly element = make("p", { className: "note", aria: { role: "status" } })
  private readonly ended = new AbortController()

  constructor(
    private data: PasteData,
    private tell: (pasted: Pasted) => void,
  ) {
    this.say(data)
    document.addEventListener("paste", (event) => void this.take(event), { signal: this.ended.signal })
  }

  update(tell: (pasted: Pasted) => void, data: PasteData): void {
    this.tell = tell
    if (data.held !== this.data.held) this.say(data)
    this.data = data
  }

  end(): void {
    this.ended.abort()
    this.element.remove()
  }

  private async take(event: ClipboardEvent): Promise<void> {
    const files = [...(event.clipboardData?.files ?? [])]
    const file = files.find((one) => one.type.startsWith("image/"))
    if (!file) return // text goes where it was meant to go
    event.preventDefault()
    if (file.size > this.data.mostBytes) {
      const most = Math.floor(this.data.mostBytes / 2 ** 20)
      this.element.textContent = `The pasted picture has ${(file.size / 2 ** 20).toFixed(1)} MB; at most ${most} MB are allowed.`
      return
    }
    const content = toBase64(new Uint8Array(await file.arrayBuffer()))
    this.say({ held: true })
    this.tell({ name: nameOf(file), content })
  }

  private say({ held }: Pick<PasteData, "held">): void {
    this.element.textContent = held
      ? "A picture was pasted. Another one takes its place: Ctrl+V."
      : "A picture can also be pasted: Ctrl+V, wherever you are on this page."
  }
}

/** A copied file has its own name; a copied picture gets the same one from every browser. */
function nameOf(file: File): string {
  return file.name && file.name !== "image.png" ? file.name : "pasted picture"
}
