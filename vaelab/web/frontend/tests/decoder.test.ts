import { beforeEach, describe, expect, it } from "vitest"
import { type Backend, type Clock, Decoder, QUIET } from "../src/decoding/decoder"
import type { Codes, Pictures } from "../src/types"

class FakeClock implements Clock {
  time = 0
  frames: (() => void)[] = []
  alarms: { at: number; callback: () => void }[] = []
  now = () => this.time
  nextFrame = (callback: () => void) => void this.frames.push(callback)
  later = (callback: () => void, milliseconds: number) =>
    void this.alarms.push({ at: this.time + milliseconds, callback })

  frame(): void {
    for (const callback of this.frames.splice(0)) callback()
  }

  async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds
    for (const alarm of this.alarms.splice(0)) {
      if (alarm.at <= this.time) alarm.callback()
      else this.alarms.push(alarm)
    }
    await settled()
  }
}

/** Answers when the test says so. */
class FakeBackend implements Backend {
  asked: number[] = []
  private open: { resolve: (p: Pictures) => void; reject: (e: Error) => void; z: number }[] = []
  constructor(readonly where: "page" | "server" = "page") {}

  decode(codes: Codes): Promise<Pictures> {
    const z = codes.z[0] ?? NaN
    this.asked.push(z)
    return new Promise((resolve, reject) => this.open.push({ resolve, reject, z }))
  }
  reencode = (codes: Codes) => Promise.resolve(codes.z)

  async answer(): Promise<void> {
    const next = this.open.shift()
    next?.resolve(pictures(next.z))
    await settled()
  }
  async fail(): Promise<void> {
    this.open.shift()?.reject(new Error("broken"))
    await settled()
  }
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
const codes = (z: number): Codes => ({ n: 1, z: new Float32Array([z]), y: null })
const pictures = (z: number): Pictures => ({
  n: 1,
  rgba: new Uint8ClampedArray([z, 0, 0, 255]),
  std: null,
  stdMax: 0,
  milliseconds: 1,
})

let clock: FakeClock
let backend: FakeBackend
let decoder: Decoder
let painted: number[]
let failures: string[]
const paint = (p: Pictures) => painted.push(p.rgba[0] ?? NaN)

beforeEach(() => {
  clock = new FakeClock()
  backend = new FakeBackend()
  failures = []
  decoder = new Decoder(backend, (error) => failures.push(String(error)), clock)
  painted = []
})

describe("the live lane", () => {
  it("sends the first value at once and paints it in the same frame", async () => {
    decoder.live(codes(1), paint)
    expect(backend.asked).toEqual([1])
    await backend.answer()
    expect(painted).toEqual([1])
  })

  it("keeps one request in flight, and of the values meanwhile only the last", async () => {
    for (const z of [1, 2, 3, 4]) decoder.live(codes(z), paint)
    expect(backend.asked).toEqual([1])
    await backend.answer()
    expect(backend.asked).toEqual([1, 4])
    clock.frame()
    await backend.answer()
    expect(painted).toEqual([1, 4])
    expect(backend.asked).toEqual([1, 4])
  })

  it("paints once a frame, the newest picture", async () => {
    for (const z of [1, 2, 3]) {
      decoder.live(codes(z), paint)
      await backend.answer()
    }
    expect(painted).toEqual([1])
    clock.frame()
    expect(painted).toEqual([1, 3])
    clock.frame()
    expect(painted).toEqual([1, 3])
  })

  it("holds nothing back after a hundred thousand values", async () => {
    const quick: Backend = {
      where: "page",
      decode: (c) => Promise.resolve(pictures(c.z[0] ?? 0)),
      reencode: (c) => Promise.resolve(c.z),
    }
    decoder.use(quick)
    for (let i = 0; i < 100_000; i++) decoder.live(codes(i % 200), paint)
    await settled()
    clock.frame()
    expect(painted.length).toBeLessThanOrEqual(2)
    expect(clock.alarms).toEqual([])
    expect(clock.frames.length).toBeLessThanOrEqual(1)
  })
})

describe("idle work", () => {
  it("waits until no live value was asked for during the quiet time", async () => {
    decoder.live(codes(1), paint)
    decoder.pictures("strip", codes(9), () => painted.push(-9))
    await backend.answer()
    expect(backend.asked).toEqual([1])
    await clock.pass(QUIET / 2)
    decoder.live(codes(2), paint)
    await backend.answer()
    await clock.pass(QUIET / 2)
    expect(backend.asked).toEqual([1, 2])
    await clock.pass(QUIET / 2)
    expect(backend.asked).toEqual([1, 2, 9])
    await backend.answer()
    expect(painted).toContain(-9)
  })

  it("lets a live value in between its pieces", async () => {
    for (const z of [7, 8, 9]) decoder.pictures(`strip ${z}`, codes(z), () => undefined)
    decoder.live(codes(1), paint)
    await backend.answer()
    expect(backend.asked).toEqual([7, 1])
  })

  it("replaces what waits under the same key, and forgets all on demand", async () => {
    decoder.live(codes(1), paint)
    decoder.pictures("strip", codes(8), () => undefined)
    decoder.pictures("strip", codes(9), () => undefined)
    await backend.answer()
    await clock.pass(QUIET)
    expect(backend.asked).toEqual([1, 9])
    decoder.pictures("strip", codes(8), () => undefined)
    decoder.forgetIdle()
    await backend.answer()
    expect(backend.asked).toEqual([1, 9])
  })

  it("may ask for more of itself", async () => {
    decoder.whenQuiet(() => decoder.pictures("strip", codes(5), () => undefined))
    await settled()
    expect(backend.asked).toEqual([5])
  })

  it("re-encodes wherever it decodes", async () => {
    decoder.use(new FakeBackend("server"))
    const back: number[] = []
    decoder.reencoded("trust", codes(3), (z) => back.push(...z))
    await settled()
    expect([back, failures]).toEqual([[3], []])
  })
})

describe("the fallback", () => {
  it("decodes the newest value on the server when the page's decoder fails", async () => {
    const server = new FakeBackend("server")
    const wheres: string[] = []
    decoder = new Decoder(backend, () => decoder.use(server), clock)
    const done = (p: Pictures, where: string) => {
      paint(p)
      wheres.push(where)
    }
    decoder.live(codes(1), done)
    decoder.live(codes(2), done)
    await backend.fail()
    expect(server.asked).toEqual([2])
    await server.answer()
    expect([painted, wheres]).toEqual([[2], ["server"]])
  })

  it("tries a failed value again where nothing newer came", async () => {
    const server = new FakeBackend("server")
    decoder = new Decoder(backend, () => decoder.use(server), clock)
    decoder.live(codes(1), paint)
    await backend.fail()
    expect(server.asked).toEqual([1])
  })

  it("says so and goes on when the server fails", async () => {
    decoder.live(codes(1), paint)
    await backend.fail()
    expect(failures).toEqual(["Error: broken"])
    decoder.live(codes(2), paint)
    await backend.answer()
    expect(painted).toEqual([2])
  })

  it("moves to the page's decoder once that is there", async () => {
    const server = new FakeBackend("server")
    decoder.use(server)
    decoder.live(codes(1), paint)
    decoder.use(backend)
    await server.answer()
    decoder.live(codes(2), paint)
    expect([server.asked, backend.asked]).toEqual([[1], [2]])
    expect(decoder.where).toBe("page")
  })
})
