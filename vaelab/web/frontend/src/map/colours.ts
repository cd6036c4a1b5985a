/** Colours of classes and values, on light pages and on dark ones. */

export type Rgba = [number, number, number, number]

// Low to high; the high end stands out from the page.
const LIGHT_RAMP = ["#c9e4b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#13246b"]
const DARK_RAMP = ["#2c3e8f", "#2f6db5", "#35a0c4", "#66c5ab", "#b9e2a0", "#fdfbc0"]
const UNLABELLED = { light: "#7b8190", dark: "#9aa0ae" }
const OFF = { light: "#c3c7cf", dark: "#454a57" }

export interface Palette {
  light: string[]
  dark: string[]
}

/** Whether the element is on a dark page. */
export function isDark(element: Element): boolean {
  const colour = getComputedStyle(element).getPropertyValue("--st-background-color").trim()
  const [r, g, b] = rgb(/^#[0-9a-f]{6}/i.test(colour) ? colour : "#ffffff")
  return 0.3 * r + 0.6 * g + 0.1 * b < 128
}

/** One colour a class and one for points without a label; `shown` false makes it grey. */
export function classColours(
  palette: Palette,
  n: number,
  dark: boolean,
  shown: readonly boolean[],
): string[] {
  const theme = dark ? "dark" : "light"
  const colours = palette[theme]
  const all = Array.from({ length: n }, (_, c) => colours[c % colours.length] ?? UNLABELLED[theme])
  return [...all, UNLABELLED[theme]].map((colour, c) => (shown[c] === false ? OFF[theme] : colour))
}

/** 256 colours from the least value to the greatest. */
export function valueColours(dark: boolean): string[] {
  const stops = (dark ? DARK_RAMP : LIGHT_RAMP).map(rgb)
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1)
    const from = Math.min(stops.length - 2, Math.floor(at))
    const mixed = stops[from]!.map((value, c) => value + (at - from) * (stops[from + 1]![c]! - value))
    return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`
  })
}

export function rgb(hex: string): [number, number, number] {
  const number = parseInt(hex.slice(1, 7), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}
