/** Elements in one expression. */
type Properties<T> = { [K in keyof T]?: T[K] } & { aria?: Record<string, string> }

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const { aria, ...rest } = properties
  const element = Object.assign(document.createElement(tag), rest)
  for (const [name, value] of Object.entries(aria ?? {})) {
    element.setAttribute(name === "role" ? name : `aria-${name}`, value)
  }
  element.append(...children)
  return element
}

/** A canvas that people and tests find as an image of that name. */
export function picture(name: string, width: number, height: number): HTMLCanvasElement {
  return make("canvas", { width, height, aria: { role: "img", label: name } })
}

export function button(label: string, help: string, onclick: () => void): HTMLButtonElement {
  return make("button", { type: "button", title: help, onclick }, label)
}
