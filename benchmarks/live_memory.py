"""Whether a page that decodes on and on keeps its memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.browser import new_page

WARM_UP = 2000  # pictures before the first reading: compilers and pools have settled

# Counts the pictures that the worker has sent, and asks for new ones as quickly as it can.
COUNT = """
vaelab.decoded = 0
const Plain = Worker
window.Worker = class extends Plain {
  constructor(...all) {
    super(...all)
    this.addEventListener("message", (event) => { if (event.data.pictures) vaelab.decoded++ })
  }
}
"""
DECODE = """
async (n) => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) =>
    [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  const slider = all(document).find((e) => e.type === "range" && !e.disabled)
  const [low, high] = [Number(slider.min), Number(slider.max)]
  const until = vaelab.decoded + n
  const channel = new MessageChannel()
  let step = 0
  await new Promise((resolve) => {
    channel.port1.onmessage = () => {
      if (vaelab.decoded >= until) return resolve()
      slider.valueAsNumber = low + (high - low) * (0.5 + 0.4 * Math.sin(step++ / 50))
      slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
      vaelab.latencies.length = vaelab.pending.length = vaelab.paints.length = 0
      setTimeout(() => channel.port2.postMessage(0))
    }
    channel.port2.postMessage(0)
  })
}
"""


def memory(browser: Browser, address: str, model: str, decodes: int) -> dict[str, Any]:
    """Decode so many pictures with the page's worker; megabytes before and after, after a GC."""
    page = new_page(browser)
    page.add_init_script(COUNT)
    page.goto(f"{address}/sliders?model={model}")
    page.get_by_text("Decoded in this page").wait_for(timeout=300_000)
    page.wait_for_timeout(3000)
    page.evaluate(DECODE, WARM_UP)
    before, began = reading(browser, page), time.monotonic()
    page.evaluate(DECODE, decodes)
    seconds, after = time.monotonic() - began, reading(browser, page)
    page.context.close()
    return {
        "decodes": decodes,
        "decodes_per_second": decodes / seconds,
        **{f"{name}_start_mb": value for name, value in before.items()},
        **{f"{name}_end_mb": value for name, value in after.items()},
    }


def reading(browser: Browser, page: Page) -> dict[str, float]:
    """The page's JavaScript heap, and what its process holds: worker and WASM memory included."""
    session = page.context.new_cdp_session(page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(500)
    heap = session.send("Runtime.getHeapUsage")
    session.detach()
    inspector = browser.new_browser_cdp_session()
    resident = _renderers(inspector)
    inspector.detach()
    return {"js_heap": heap["usedSize"] / 2**20, "renderers": resident / 2**20}


def _renderers(session: CDPSession) -> float:
    """Resident bytes of all processes that run pages."""
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    total = 0
    for process in processes:
        if process["type"] != "renderer":
            continue
        for line in Path(f"/proc/{process['id']}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total += 1024 * int(line.split()[1])
    return float(total)
