/** Decoder outputs and stored bytes to RGBA. */

export type Shape = [channels: number, height: number, width: number]
export type Rgba = Uint8ClampedArray<ArrayBuffer>

/** n pictures (C, H, W) of numbers to RGBA bytes; `scale` 255 maps [0, 1] to [0, 255]. */
export function toRgba(values: ArrayLike<number>, n: number, shape: Shape, scale = 255): Rgba {
  const [channels, height, width] = shape
  const area = height * width
  const rgba = new Uint8ClampedArray(n * area * 4)
  for (let i = 0; i < n; i++) {
    const from = i * channels * area
    for (let p = 0; p < area; p++) {
      const to = (i * area + p) * 4
      for (let c = 0; c < 3; c++) {
        rgba[to + c] = (values[from + (channels === 1 ? 0 : c) * area + p] ?? 0) * scale
      }
      rgba[to + 3] = 255
    }
  }
  return rgba
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** Picture `i` of `rgba` at a canvas's place. */
export function put(
  canvas: HTMLCanvasElement,
  rgba: Rgba,
  shape: Shape,
  i = 0,
  x = 0,
): void {
  const [, height, width] = shape
  const size = height * width * 4
  const image = new ImageData(rgba.subarray(i * size, (i + 1) * size), width, height)
  canvas.getContext("2d")?.putImageData(image, x, 0)
}
