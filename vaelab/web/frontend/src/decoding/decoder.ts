/**
 * Codes to pictures, for all components: one request in flight, nothing queued behind it.
 *
 * The live lane holds the latest value alone. Idle work (film strips, the trust meter) starts when
 * no live value was asked for during QUIET milliseconds, one small piece at a time.
 */
import { Frame } from "./frame"
import type { Codes, Pictures } from "../types"

export const QUIET = 120

export interface Backend {
  readonly where: "page" | "server"
  decode(codes: Codes): Promise<Pictures>
  /** E(D(z)), n x K. */
  reencode(codes: Codes): Promise<Float32Array>
}

export interface Clock {
  now(): number
  later(callback: () => void, milliseconds: number): void
  nextFrame(callback: () => void): void
}

export const pageClock: Clock = {
  now: () => performance.now(),
  later: (callback, milliseconds) => void setTimeout(callback, milliseconds),
  nextFrame: (callback) => void requestAnimationFrame(callback),
}

interface Live {
  codes: Codes
  done: (pictures: Pictures, where: Backend["where"]) => void
}

type Work = (backend: Backend) => Promise<void>

export class Decoder {
  private wanted: Live | null = null
  private readonly idle = new Map<string, Work>()
  private busy = false
  private lastAsked = -Infinity
  private alarm = false
  private readonly frame: Frame

  constructor(
    private backend: Backend,
    private readonly onFailure: (error: unknown, failed: Backend) => void,
    private readonly clock: Clock = pageClock,
  ) {
    this.frame = new Frame(clock.nextFrame)
  }

  get where(): Backend["where"] {
    return this.backend.where
  }

  /** Decode elsewhere from now on; what is in flight still arrives. */
  use(backend: Backend): void {
    this.backend = backend
  }

  /** The latest call wins; earlier ones that have not been sent yet are dropped. */
  live(codes: Codes, done: Live["done"]): void {
    this.wanted = { codes, done }
    this.lastAsked = this.clock.now()
    this.pump()
  }

  /** Call `plan` when there is time: it may ask for more idle work. */
  whenQuiet(plan: () => void): void {
    this.add("plan", () => Promise.resolve(plan()))
  }

  /** Pictures when there is time; replaces what waits under the same key. */
  pictures(key: string, codes: Codes, done: (pictures: Pictures) => void): void {
    this.add(key, async (backend) => done(await backend.decode(codes)))
  }

  /** E(D(z)) when there is time. */
  reencoded(key: string, codes: Codes, done: (z: Float32Array) => void): void {
    this.add(key, async (backend) => done(await backend.reencode(codes)))
  }

  /** Drop the idle work that has not begun. */
  forgetIdle(): void {
    this.idle.clear()
  }

  private add(key: string, work: Work): void {
    this.idle.set(key, work)
    this.pump()
  }

  private pump(): void {
    if (this.busy) return
    const live = this.wanted
    if (live) {
      this.wanted = null
      void this.work(async (backend) => {
        const pictures = await this.orAgain(backend, live)
        if (pictures) this.frame.paint(() => live.done(pictures, backend.where))
      })
      return
    }
    const next = this.idle.entries().next()
    if (next.done) return
    const wait = this.lastAsked + QUIET - this.clock.now()
    if (wait > 0) {
      this.wake(wait)
      return
    }
    const [key, work] = next.value
    this.idle.delete(key)
    void this.work(work)
  }

  /** The live pictures; null if that failed, and then the newest value is tried once elsewhere. */
  private async orAgain(backend: Backend, live: Live): Promise<Pictures | null> {
    try {
      return await backend.decode(live.codes)
    } catch (error) {
      this.onFailure(error, backend)
      if (this.backend !== backend) this.wanted ??= live
      return null
    }
  }

  private async work(work: Work): Promise<void> {
    this.busy = true
    const backend = this.backend
    try {
      await work(backend)
    } catch (error) {
      this.onFailure(error, backend)
    } finally {
      this.busy = false
      this.pump()
    }
  }

  private wake(milliseconds: number): void {
    if (this.alarm) return
    this.alarm = true
    this.clock.later(() => {
      this.alarm = false
      this.pump()
    }, milliseconds)
  }
}
