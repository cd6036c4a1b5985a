"""Several tabs that drag at once: what it costs them, and what the server has to do for it."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.browser import Server, new_page, sent_frames

# Dragged in the page itself, since one driver's mouse cannot be in five tabs at once: the first
# slider takes a new value every 8 ms, as from a mouse of 125 Hz.
DRAG = """
async (seconds) => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) =>
    [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  const slider = all(document).find((e) => e.type === "range" && !e.disabled)
  const [low, high] = [Number(slider.min), Number(slider.max)]
  Object.assign(vaelab, { pending: [], latencies: [], paints: [], long: [] })
  const event = (kind, type) =>
    slider.dispatchEvent(new kind(type, { bubbles: true, composed: true }))
  event(PointerEvent, "pointerdown")
  const began = performance.now()
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const t = (performance.now() - began) / 1000
      if (t > seconds) { clearInterval(timer); resolve() }
      slider.valueAsNumber = low + (high - low) * (0.5 + 0.4 * Math.sin(4 * t))
      event(Event, "input")
    }, 8)
  })
  const { latencies, paints, long } = vaelab
  event(PointerEvent, "pointerup")
  return { latencies, paints: paints.length, long: long.length }
}
"""


def tabs(browser: Browser, server: Server, model: str, n: int, seconds: float) -> dict[str, Any]:
    """Open n tabs, drag in all of them at once; latencies in ms over all of them."""
    pages = [new_page(browser, ["input"]) for _ in range(n)]
    sent = [sent_frames(page) for page in pages]
    for page in pages:
        page.goto(f"{server.address}/sliders?model={model}")
        page.get_by_text("Decoded in this page").wait_for(timeout=300_000)
    for page in pages:
        page.wait_for_timeout(4000 / n)
    frames, cpu = sum(map(len, sent)), server.cpu_seconds()
    for page in pages:
        page.evaluate(f"void (window.dragged = ({DRAG})({seconds}))")
    found = [_result(page) for page in pages]
    cpu, frames = server.cpu_seconds() - cpu, sum(map(len, sent)) - frames
    for page in pages:
        page.context.close()
    latencies = np.concatenate([part["latencies"] for part in found])
    return {
        "drag_to_paint_median_ms": float(np.median(latencies)),
        "drag_to_paint_p95_ms": float(np.quantile(latencies, 0.95)),
        "pictures_per_second_a_tab": sum(part["paints"] for part in found) / n / seconds,
        "long_tasks_over_50_ms": sum(part["long"] for part in found),
        "websocket_messages_while_dragging": frames,
        "server_cpu_seconds": cpu,
    }


def _result(page: Page) -> dict[str, Any]:
    result: dict[str, Any] = page.evaluate("window.dragged")
    return result
