/** The interpolate component: key frames in, paths from the server, films played in the page. */
import { inThePage, onTheServer } from "../decoding/backends"
import { type Backend, Decoder } from "../decoding/decoder"
import { isDark } from "../map/colours"
import { keepInAddress } from "../page/address"
import { make } from "../page/dom"
import { Arithmetic } from "./arithmetic"
import type { Frame, InterpolateData, Tell } from "./data"
import { KeyFrameRow } from "./key_frames"
import { MiniMap } from "./mini_map"
import { place } from "./plane"
import { Playback } from "./playback"
import { Player } from "./player"
import { Stage } from "./stage"
import { TakeAway } from "./take_away"
import { Strips } from "./strips"
import { Track } from "./track"
import { Transport } from "./transport"
import { Tray } from "./tray"
import { meaningOf } from "./words"
import { codeAt, codesAt, codesOfFrames, readWalk, type Walk } from "./walk"

const LINE_POINTS = 64 // a path on the map, at most so many a leg

export class Interpolate {
  readonly element: HTMLElement
  private readonly live: Decoder
  private readonly around: Decoder // strips and small pictures: they never wait for the film
  private readonly player: Player
  private readonly playback: Playback
  private readonly row: KeyFrameRow
  private readonly tray: Tray
  private readonly map: MiniMap
  private readonly stage: Stage
  private readonly transport: Transport
  private readonly tracks: Track[]
  private readonly arithmetic: Arithmetic
  private readonly timeline = make("section", { className: "timeline" })
  private readonly meaning = make("p", { className: "note" })
  private chosen = "linear" // what people want to see; shown as soon as it is there
  private frames: Frame[] = [] // as the row shows them
  private walked: Frame[] = [] // those that the paths go through
  private version = ""
  private readonly strips: Strips
  private why = "the page's decoder is loading"

  constructor(
    private data: InterpolateData,
    private tell: Tell,
  ) {
    const { model, addresses } = data
    const server = onTheServer(model, addresses)
    this.live = new Decoder(server, (error, failed) => this.failed(error, failed, server))
    this.around = new Decoder(server, (error, failed) => this.failed(error, failed, server))
    this.strips = new Strips(this.around, model.classes.length)
    this.player = new Player(data.frames.length - 1)
    this.playback = new Playback(this.player, () => this.decode())
    const add = (frame: Frame) => void this.row.add(frame)
    const steer = (frame: Frame) => this.tell.steer(frame)
    this.row = new KeyFrameRow(model, data.limits, {
      change: (frames) => this.change(frames),
      seek: (position) => this.transport.seek(position),
      steer,
    })
    this.tray = new Tray({ add, again: (kind) => this.tell.again(kind) })
    this.map = new MiniMap(model, { add, look: (frame) => this.look(frame) })
    this.stage = new Stage(model)
    this.transport = new Transport(this.player, () => this.playback.moved())
    const events = { select: (kind: string) => this.select(kind), seek: (at: number) => this.transport.seek(at) }
    this.tracks = data.walks.map((walk) => new Track(walk, model, events))
    this.arithmetic = new Arithmetic(model, {
      add,
      steer,
      ask: (frame, sequence) => this.tell.sum(frame, sequence),
      decode: (codes, done) => this.around.pictures("arithmetic", codes, done),
    })
    this.element = this.build(new TakeAway(model, addresses, () => this.film()))
    void this.load()
  }

  /** Python has run again. What it has not heard of yet is not undone by what it says. */
  update(data: InterpolateData, tell: Tell, isBehind: boolean): void {
    this.data = data
    this.tell = tell
    if (!isBehind) {
      this.showWalks(data)
      keepInAddress(data.model, "frames", data.link)
    }
    this.tray.show(data.tray, this.row.full)
    this.arithmetic.offer(this.frames, [...data.tray.data, ...data.tray.prior])
    if (data.sum) this.arithmetic.showNeighbours(data.sum.sequence, data.sum.neighbours, this.row.full)
  }

  end(): void {
    this.playback.end()
  }

  private async load(): Promise<void> {
    const { model, addresses, frames } = this.data
    try {
      const page = await inThePage(model, addresses, codesOfFrames(frames.slice(0, 1), model.classes.length))
      this.live.use(page)
      this.around.use(page)
    } catch (error) {
      this.why = `the page's decoder cannot be loaded (${String(error)})`
    }
    this.decode()
    const answer = await fetch(new URL(addresses.codes, document.baseURI)).catch(() => null)
    if (answer?.ok) this.map.showCodes(new Float32Array(await answer.arrayBuffer()))
  }

  private failed(error: unknown, failed: Backend, server: Backend): void {
    this.why = `the page's decoder failed (${String(error)})`
    if (failed.where === "page") {
      this.live.use(server)
      this.around.use(server)
    }
  }

  /** Another row of key frames: shown at once, and told to Python, which finds the paths. */
  private change(frames: Frame[]): void {
    this.showFrames(frames)
    this.timeline.classList.add("waiting")
    this.tell.edit(frames)
  }

  private showFrames(frames: Frame[]): void {
    const told = JSON.stringify(frames)
    if (told === JSON.stringify(this.frames)) return
    this.frames = frames
    this.row.show(frames)
    this.tray.show(this.data.tray, this.row.full)
    const codes = codesOfFrames(frames, this.data.model.classes.length)
    this.around.pictures("key frames", codes, (pictures) => this.row.showPictures(pictures))
  }

  private showWalks(data: InterpolateData): void {
    this.showFrames(data.frames)
    const isNew = data.version !== this.version
    this.version = data.version
    this.walked = data.frames
    this.timeline.classList.remove("waiting")
    const dark = isDark(this.element)
    for (const track of this.tracks) {
      const about = data.walks.find((walk) => walk.kind === track.about.kind)
      const walk = about && readWalk(about, data.model.latentDim, data.frames.length)
      if (walk) track.show(walk, data.frames, data.crossFade, dark)
      else if (isNew || !track.walk) track.showWaiting("searching, some two seconds …")
    }
    if (isNew) {
      this.player.reach(data.frames.length - 1)
      this.transport.showLegs(data.frames.length - 1)
    }
    const steps = this.shown()?.walk?.steps ?? 0
    this.meaning.textContent = meaningOf(data, steps)
    this.select(this.chosen)
    this.strips.fill(this.tracks, this.walked, this.version)
    if (data.walks.some((walk) => !walk.codes)) setTimeout(() => this.tell.wanted(data.version), 0)
  }

  /** The path that is shown: the one chosen, or while that is being found the first. */
  private shown(): Track | undefined {
    const chosen = this.tracks.find((track) => track.about.kind === this.chosen)
    return chosen?.walk ? chosen : this.tracks.find((track) => track.walk)
  }

  private walk(): Walk | null {
    return this.shown()?.walk ?? null
  }

  private film() {
    const walk = this.walk()
    return walk && { walk, frames: this.walked, player: this.player }
  }

  private select(kind: string): void {
    this.chosen = kind
    const shown = this.shown()
    for (const track of this.tracks) track.select(track === shown)
    this.showPaths()
    this.playback.moved()
  }

  private showPaths(): void {
    const { map } = this.data.model
    const shown = this.shown()
    const lines = this.tracks.flatMap((track) => {
      const { walk } = track
      if (!walk) return []
      const n = Math.min(walk.n, LINE_POINTS * walk.legs)
      const points = Array.from({ length: n }, (_, i) => place(map, codeAt(walk, (i / (n - 1)) * walk.legs)))
      return [{ points, selected: track === shown }]
    })
    this.map.showPaths(lines, this.walked)
  }

  /** Ask for the picture here, and show where that is. */
  private decode(): void {
    const walk = this.walk()
    if (!walk) return
    const { position, playing } = this.player
    const codes = codesAt(walk, this.walked, [position], this.data.model.classes.length)
    this.live.live(codes, (pictures, where) => this.stage.show(pictures, where, this.why, this.player.playing))
    this.transport.show()
    this.timeline.style.setProperty("--at", `${position / walk.legs}`)
    this.map.showNow(codes.z)
    this.stage.describe(walk, position, !playing)
  }

  private look(frame: Frame): void {
    const codes = codesOfFrames([frame], this.data.model.classes.length)
    this.around.live(codes, (pictures) => this.map.showSeen(pictures))
  }

  private build(takeAway: TakeAway): HTMLElement {
    const scrub = make("div", { className: "scrubbing" }, this.transport.ticks, this.transport.scrub)
    this.timeline.append(scrub, ...this.tracks.map((track) => track.element), this.meaning)
    const side = make("section", { className: "side" }, this.stage.element, this.transport.controls, this.map.element, takeAway.element)
    return make(
      "div",
      { className: "vaelab interpolate" },
      this.row.element,
      this.tray.element,
      make("div", { className: "work" }, side, this.timeline),
      this.arithmetic.element,
    )
  }
}
