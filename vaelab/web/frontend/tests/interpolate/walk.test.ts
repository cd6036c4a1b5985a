import { describe, expect, it } from "vitest"
import type { Frame, WalkData } from "../../src/interpolate/data"
import { codeAt, codesAt, codesOfFrames, evenly, readWalk, weightsAt } from "../../src/interpolate/walk"
import type { Walk } from "../../src/interpolate/walk"

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const floats = (values: number[]) => base64(new Uint8Array(new Float32Array(values).buffer))
const frame = (z: number[], label: number | null = null): Frame => ({ z, label, source: "", row: null })

const CODES = [0, 0, 1, 10, 2, 20, 3, 40, 4, 60] // 5 codes of 2 numbers over 2 legs
const data: WalkData = { kind: "linear", title: "", about: "", codes: floats(CODES), n: 5 }
const walk = readWalk(data, 2, 3) as Walk

describe("a walk", () => {
  it("is not there while it has no codes, or codes that do not fit", () => {
    expect(readWalk({ kind: "geodesic", title: "", about: "" }, 2, 3)).toBeNull()
    expect(readWalk({ ...data, n: 4 }, 2, 3)).toBeNull()
  })

  it("has its codes at their positions, exactly", () => {
    evenly(5, 2).forEach((position, i) => {
      expect([...codeAt(walk, position)]).toEqual(CODES.slice(2 * i, 2 * i + 2))
    })
  })

  it("is straight between them and stays inside its ends", () => {
    expect([...codeAt(walk, 1.25)]).toEqual([2.5, 30])
    expect([...codeAt(walk, -1)]).toEqual([0, 0])
    expect([...codeAt(walk, 9)]).toEqual([4, 60])
  })

  it("blends the classes of its key frames evenly", () => {
    const frames = [frame([], 2), frame([], 0), frame([], 0)]
    expect([...weightsAt(frames, 0, 3)]).toEqual([0, 0, 1])
    expect([...weightsAt(frames, 0.25, 3)]).toEqual([0.25, 0, 0.75])
    expect([...weightsAt(frames, 1.5, 3)]).toEqual([1, 0, 0])
    expect([...weightsAt(frames, 2, 3)]).toEqual([1, 0, 0])
  })

  it("comes as one batch, with classes where the model has them", () => {
    const frames = [frame([0, 0], 1), frame([2, 20], 0), frame([4, 60], 0)]
    const codes = codesAt(walk, frames, [0, 1.25], 2)
    expect([...codes.z]).toEqual([0, 0, 2.5, 30])
    expect([...(codes.y ?? [])]).toEqual([0, 1, 1, 0])
    expect(codesAt(walk, frames, [0], 0).y).toBeNull()
    const whole = codesOfFrames(frames, 2)
    expect([...whole.z]).toEqual([0, 0, 2, 20, 4, 60])
    expect([...(whole.y ?? [])]).toEqual([0, 1, 1, 0, 1, 0])
  })
})
