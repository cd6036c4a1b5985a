import { beforeEach, describe, expect, it } from "vitest"
import { Playback } from "../../src/interpolate/playback"
import { LEG_SECONDS, Player } from "../../src/interpolate/player"

let player: Player
let playback: Playback
let frames: ((now: number) => void)[]
let shown: number[]

/** The display shows its next frame at this time, in ms. */
const frame = (now: number) => frames.splice(0).forEach((callback) => callback(now))

beforeEach(() => {
  player = new Player(2)
  frames = []
  shown = []
  playback = new Playback(
    player,
    () => shown.push(player.position),
    (callback) => void frames.push(callback),
    () => 1000,
  )
})

describe("a playback", () => {
  it("shows a film that stands still once, and asks for no frame", () => {
    playback.moved()
    expect([shown, frames]).toEqual([[0], []])
  })

  it("goes on by the time that has passed, frame by frame, until it is paused", () => {
    player.play()
    playback.moved()
    frame(1100)
    frame(1300)
    expect(shown.map((at) => at * LEG_SECONDS * 1000)).toEqual([0, 100, 300].map((ms) => expect.closeTo(ms)))
    player.pause()
    frame(1400)
    expect([shown.length, frames.length]).toEqual([3, 0])
  })

  it("asks for one frame at a time, however often it is told", () => {
    player.play()
    for (let i = 0; i < 3; i++) playback.moved()
    expect(frames.length).toBe(1)
    frame(1100)
    expect(frames.length).toBe(1)
  })

  it("never goes back where a frame began before it was asked for", () => {
    player.play()
    playback.moved()
    frame(990)
    expect(player.position).toBe(0)
  })

  it("ends with its page, for good", () => {
    player.play()
    playback.moved()
    playback.end()
    frame(1100)
    playback.moved()
    expect([player.position, frames.length]).toEqual([0, 0])
  })
})
