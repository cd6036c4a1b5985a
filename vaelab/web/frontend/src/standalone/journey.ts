/** The map of the codes, key frames taken from it, and the film along the path through them. */
import { type Backend, Decoder } from "../decoding/decoder"
import type { Frame } from "../interpolate/data"
import { KeyFrameRow } from "../interpolate/key_frames"
import { MiniMap } from "../interpolate/mini_map"
import { place } from "../interpolate/plane"
import { Playback } from "../interpolate/playback"
import { Player } from "../interpolate/player"
import { Stage } from "../interpolate/stage"
import { Transport } from "../interpolate/transport"
import { codeAt, codesAt, codesOfFrames, evenly, type Walk } from "../interpolate/walk"
import { button, make } from "../page/dom"
import type { StandaloneModel } from "./data"
import { PATHS, type PathKind, pathThrough } from "./paths"
import { PathStrip } from "./strip"

const LINE_POINTS = 48 // of a leg on the map

export interface JourneyEvents {
  /** A code is to be steered with the sliders. */
  steer(frame: Frame): void
  /** Where the sliders stand, as a key frame. */
  here(): Frame
}

export class Journey {
  readonly element: HTMLElement
  private readonly live: Decoder
  private readonly around: Decoder
  private readonly player: Player
  private readonly playback: Playback
  private readonly row: KeyFrameRow
  private readonly map: MiniMap
  private readonly stage: Stage
  private readonly transport: Transport
  private readonly strip: PathStrip
  private readonly choice: HTMLSelectElement
  private readonly status = make("p", { className: "note", aria: { role: "status" } })
  private walk: Walk

  constructor(
    private readonly model: StandaloneModel,
    private frames: Frame[],
    limits: [number, number],
    backend: Backend,
    events: JourneyEvents,
  ) {
    const failed = (error: unknown) => (this.status.textContent = `No picture: ${String(error)}`)
    this.live = new Decoder(backend, failed)
    this.around = new Decoder(backend, failed)
    this.player = new Player(frames.length - 1)
    this.playback = new Playback(this.player, () => this.decode())
    this.row = new KeyFrameRow(model, limits, {
      change: (next) => this.change(next),
      seek: (position) => this.transport.seek(position),
      steer: (frame) => events.steer(frame),
    })
    this.map = new MiniMap(model, {
      add: (frame) => void this.row.add(frame),
      look: (frame) => this.look(frame),
    })
    this.stage = new Stage(model)
    this.transport = new Transport(this.player, () => this.playback.moved())
    this.strip = new PathStrip(model, this.around, (position) => this.transport.seek(position))
    this.choice = make(
      "select",
      { aria: { label: "kind of path" }, onchange: () => this.change(this.frames) },
      ...Object.entries(PATHS).map(([kind, { title }]) => make("option", { value: kind }, title)),
    )
    this.walk = pathThrough(frames, "linear")
    this.element = this.build(() => void this.row.add(events.here()))
    this.change(frames)
  }

  /** The data's codes, which the map is drawn from. */
  showCodes(rows: Float32Array): void {
    this.map.showCodes(rows)
  }

  /** The page has other colours. */
  redraw(): void {
    this.map.redraw()
  }

  private change(frames: Frame[]): void {
    const { classes, map } = this.model
    this.frames = frames
    this.walk = pathThrough(frames, this.choice.value as PathKind)
    this.row.show(frames)
    this.player.reach(frames.length - 1)
    this.transport.showLegs(frames.length - 1)
    const codes = codesOfFrames(frames, classes.length)
    this.around.pictures("key frames", codes, (pictures) => this.row.showPictures(pictures))
    this.strip.show(this.walk, frames)
    const { legs } = this.walk
    const points = evenly(LINE_POINTS * legs, legs).map((at) => place(map, codeAt(this.walk, at)))
    this.map.showPaths([{ points, selected: true }], frames)
    this.playback.moved()
  }

  private decode(): void {
    const { position, playing } = this.player
    const codes = codesAt(this.walk, this.frames, [position], this.model.classes.length)
    this.live.live(codes, (pictures, where) => this.stage.show(pictures, where, "", this.player.playing))
    this.transport.show()
    this.map.showNow(codes.z)
    this.stage.describe(this.walk, position, !playing)
  }

  private look(frame: Frame): void {
    const codes = codesOfFrames([frame], this.model.classes.length)
    this.around.live(codes, (pictures) => this.map.showSeen(pictures))
  }

  private build(addHere: () => void): HTMLElement {
    const scrub = make("div", { className: "scrubbing" }, this.transport.ticks, this.transport.scrub)
    const add = button("Add the sliders' picture", "The picture of the sliders as a key frame", addHere)
    const bar = make("div", { className: "bar along" }, "Path", this.choice, add)
    const film = make("section", { className: "film-side" }, this.stage.element, this.transport.controls)
    const plane = make("section", { className: "map-side" }, this.map.element)
    return make(
      "div",
      { className: "vaelab interpolate journey" },
      this.row.element,
      bar,
      make("div", {}, scrub, this.strip.element),
      make("div", { className: "halves" }, film, plane),
      this.status,
    )
  }
}
