import { expect, it } from "vitest"
import { Sessions } from "../src/decoding/sessions"

const counting = (most: number) => {
  const loaded: string[] = []
  const released: string[] = []
  const sessions = new Sessions(async (url) => {
    loaded.push(url)
    if (url === "broken" && loaded.length === 1) throw new Error("not there yet")
    return { release: async () => void released.push(url) }
  }, most)
  return { sessions, loaded, released }
}

it("loads a model once, however often and early it is asked for", async () => {
  const { sessions, loaded } = counting(4)
  const [a, b] = await Promise.all([sessions.get("x"), sessions.get("x")])
  expect(a).toBe(b)
  expect(await sessions.get("x")).toBe(a)
  expect(loaded).toEqual(["x"])
})

it("releases the least recently used beyond its limit", async () => {
  const { sessions, released } = counting(2)
  await sessions.get("a")
  await sessions.get("b")
  await sessions.get("a")
  await sessions.get("c")
  await Promise.resolve()
  expect(released).toEqual(["b"])
  expect(sessions.size).toBe(2)
})

it("tries again after a failure", async () => {
  const { sessions, loaded } = counting(2)
  await expect(sessions.get("broken")).rejects.toThrow("not there yet")
  await sessions.get("broken")
  expect(loaded).toEqual(["broken", "broken"])
})
