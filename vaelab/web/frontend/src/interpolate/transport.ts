/** Play, pause, speed, and how a film repeats; the position as a native slider. */
import { make } from "../page/dom"
import { type Player, REPEATS, type Repeat } from "./player"
import { positionText } from "./words"

const SPEEDS = [0.25, 0.5, 1, 2, 4]
const STEP = 1 / 64

export class Transport {
  readonly controls: HTMLElement
  readonly scrub = make("input", { type: "range", className: "scrub", min: "0", step: `${STEP}`, aria: { label: "position along the path" } })
  readonly ticks = make("div", { className: "ticks", aria: { hidden: "true" } })
  private readonly play: HTMLButtonElement

  constructor(
    private readonly player: Player,
    /** The player has been told something. */
    private readonly changed: () => void,
  ) {
    this.play = make("button", { type: "button", className: "play", onclick: () => this.toggle() }, "Play")
    const speed = make("select", { aria: { label: "speed" } })
    for (const value of SPEEDS) {
      speed.append(make("option", { value: `${value}`, selected: value === player.speed }, `${value} ×`))
    }
    speed.onchange = () => {
      player.speed = Number(speed.value)
      changed()
    }
    const repeat = make("select", { aria: { label: "repeat" } })
    for (const value of REPEATS) {
      repeat.append(make("option", { value, selected: value === player.repeat }, value))
    }
    repeat.onchange = () => {
      player.repeat = repeat.value as Repeat
      changed()
    }
    this.controls = make("div", { className: "bar controls" }, this.play, speed, repeat)
    this.scrub.addEventListener("input", () => this.seek(this.scrub.valueAsNumber))
  }

  /** Stand still at a position. */
  seek(position: number): void {
    this.player.pause()
    this.player.seek(position)
    this.changed()
  }

  toggle(): void {
    if (this.player.playing) this.player.pause()
    else this.player.play()
    this.changed()
  }

  showLegs(legs: number): void {
    this.scrub.max = `${legs}`
    const marks = Array.from({ length: legs + 1 }, (_, i) => {
      const mark = make("span", {}, `${i + 1}`)
      mark.style.left = `${(100 * i) / legs}%`
      return mark
    })
    this.ticks.replaceChildren(...marks)
  }

  show(): void {
    const { position, playing } = this.player
    this.scrub.value = `${position}`
    this.scrub.setAttribute("aria-valuetext", positionText(position))
    const text = playing ? "Pause" : "Play"
    if (this.play.textContent !== text) this.play.textContent = text
  }
}
