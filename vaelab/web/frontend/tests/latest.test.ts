import { describe, expect, it } from "vitest"
import { Latest } from "../src/decoding/latest"

const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

function lane(retry = false) {
  const asked: number[] = []
  const painted: number[] = []
  const open: { resolve: () => void; reject: () => void }[] = []
  const frames: (() => void)[] = []
  const latest = new Latest<number, number>(
    (value) => {
      asked.push(value)
      return new Promise((resolve, reject) => open.push({ resolve: () => resolve(value), reject: () => reject(new Error("no")) }))
    },
    (value) => painted.push(value),
    () => retry,
    (callback) => void frames.push(callback),
  )
  return { latest, asked, painted, open, frames }
}

describe("the latest request", () => {
  it("wins: one is in flight and nothing is queued", async () => {
    const { latest, asked, painted, open } = lane()
    for (const value of [1, 2, 3, 4]) latest.ask(value)
    expect(asked).toEqual([1])
    open[0]!.resolve()
    await settled()
    expect(asked).toEqual([1, 4])
    expect(painted).toEqual([1])
  })

  it("is painted once a frame", async () => {
    const { latest, painted, open, frames } = lane()
    for (const value of [1, 2, 3]) {
      latest.ask(value)
      open.at(-1)!.resolve()
      await settled()
    }
    expect(painted).toEqual([1])
    frames[0]!()
    expect(painted).toEqual([1, 3])
  })

  it("is tried again where that helps, unless a newer one has come", async () => {
    const { latest, asked, open } = lane(true)
    latest.ask(1)
    open[0]!.reject()
    await settled()
    expect(asked).toEqual([1, 1])
    latest.ask(2)
    open[1]!.reject()
    await settled()
    expect(asked).toEqual([1, 1, 2])
  })

  it("is dropped where it does not", async () => {
    const { latest, asked, open } = lane()
    latest.ask(1)
    open[0]!.reject()
    await settled()
    expect(asked).toEqual([1])
  })
})
