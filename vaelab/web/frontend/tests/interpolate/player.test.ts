import { describe, expect, it } from "vitest"
import { LEG_SECONDS, Player } from "../../src/interpolate/player"

const LEG = 1000 * LEG_SECONDS
/** Let time pass as a display does. */
const pass = (player: Player, milliseconds: number) => {
  for (let left = milliseconds; left > 0; left -= 20) player.advance(Math.min(20, left))
}

function playing(repeat: Player["repeat"], legs = 2): Player {
  const player = new Player(legs)
  player.repeat = repeat
  player.play()
  return player
}

describe("a player", () => {
  it("takes the same time for every leg, less at a higher speed", () => {
    const player = playing("once")
    pass(player, LEG)
    expect(player.position).toBeCloseTo(1)
    player.speed = 4
    pass(player, LEG / 8)
    expect(player.position).toBeCloseTo(1.5)
  })

  it("stops at the end of a film that is played once, and begins again", () => {
    const player = playing("once")
    pass(player, 3 * LEG)
    expect([player.position, player.playing]).toEqual([2, false])
    player.play()
    expect(player.position).toBe(0)
  })

  it("goes on at the start in a loop", () => {
    const player = playing("loop")
    pass(player, 2.5 * LEG)
    expect(player.position).toBeCloseTo(0.5)
    expect(player.playing).toBe(true)
  })

  it("turns round at both ends, there and back", () => {
    const player = playing("there and back")
    pass(player, 2.5 * LEG)
    expect(player.position).toBeCloseTo(1.5)
    pass(player, 2 * LEG)
    expect(player.position).toBeCloseTo(0.5)
  })

  it("rests while it is paused, and does not jump after the page was away", () => {
    const player = playing("loop")
    player.pause()
    pass(player, LEG)
    expect(player.position).toBe(0)
    player.play()
    player.advance(3_600_000)
    expect(player.position).toBeLessThan(0.2)
  })

  it("stays inside a film that has become shorter", () => {
    const player = new Player(7)
    player.seek(6.5)
    player.reach(2)
    expect(player.position).toBe(2)
    player.seek(-1)
    expect(player.position).toBe(0)
  })
})
