"""Drag to paint: the sliders page against st.slider with the same decoder on the server.

Both are measured in one run, in headless Chromium, on the same checkpoint:
`python benchmarks/live.py [CHECKPOINT] [--seconds 4] [--json]`
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
KEYS = 25  # presses on the page with st.slider

# Each painted picture is held against the oldest slider event that it had to answer.
WATCH = """
window.vaelab = { pending: [], latencies: [], paints: [], long: [] }
addEventListener("input", () => vaelab.pending.push(performance.now()), true)
const put = CanvasRenderingContext2D.prototype.putImageData
CanvasRenderingContext2D.prototype.putImageData = function (...all) {
  put.apply(this, all)
  if (this.canvas.getAttribute("aria-label") !== "decoded image") return
  const now = performance.now()
  vaelab.paints.push(now)
  if (vaelab.pending.length) vaelab.latencies.push(now - vaelab.pending[0])
  vaelab.pending = []
}
new PerformanceObserver((list) => vaelab.long.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask" })
"""
CLEAR = "Object.assign(vaelab, { pending: [], latencies: [], paints: [], long: [] })"
# From a key press to the new picture, loaded.
KEY_TO_PICTURE = """
() => new Promise((resolve) => {
  const picture = () => document.querySelector("[data-testid=stMain] img")
  const before = picture().src
  let began = 0
  addEventListener("keydown", () => { began ||= performance.now() }, { capture: true, once: true })
  const look = () => {
    const now = picture()
    if (began && now && now.src !== before && now.complete) resolve(performance.now() - began)
    else requestAnimationFrame(look)
  }
  look()
})
"""


@contextmanager
def server(script: str, environment: dict[str, str]) -> Iterator[str]:
    """A Streamlit server on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    flags = ["--server.headless", "true", "--server.port", str(port)]
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [*command, *flags],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                    break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def live(browser: Browser, address: str, model: str, seconds: float) -> dict[str, Any]:
    """Drag the first slider to and fro; latencies in ms."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(WATCH)
    sent: list[float] = []
    page.on("websocket", lambda s: s.on("framesent", lambda _: sent.append(time.monotonic())))
    opened = [first_picture(page, f"{address}/sliders?model={model}") for _ in range(2)]
    page.get_by_text("Decoded in this page").wait_for(timeout=60_000)
    page.wait_for_timeout(4000)  # film strips, and what the page has to say to the server
    box = page.get_by_role("slider").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.evaluate(CLEAR)
    frames, began, step = len(sent), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        share = 0.5 + 0.4 * np.sin(step / 25)
        page.mouse.move(box["x"] + share * box["width"], middle)
        step += 1
    duration = time.monotonic() - began
    found = page.evaluate("vaelab")
    messages = len(sent) - frames
    page.mouse.up()
    page.context.close()
    return {
        "first_picture_cold_s": opened[0],
        "first_picture_warm_s": opened[1],
        "drag_to_paint_median_ms": float(np.median(found["latencies"])),
        "drag_to_paint_p95_ms": float(np.quantile(found["latencies"], 0.95)),
        "pictures": len(found["paints"]),
        "pictures_per_second": len(found["paints"]) / duration,
        "mouse_moves_per_second": step / duration,
        "long_tasks_over_50_ms": len(found["long"]),
        "websocket_messages_while_dragging": messages,
    }


def first_picture(page: Page, address: str) -> float:
    """Seconds from asking for the page to its picture."""
    began = time.monotonic()
    page.goto(address)
    page.wait_for_function("window.vaelab.paints.length > 0", timeout=120_000)
    return time.monotonic() - began


def with_st_slider(browser: Browser, address: str) -> dict[str, Any]:
    """Press an arrow key on st.slider and wait for the picture, again and again."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.get_by_test_id("stMain").get_by_role("img").wait_for()
    page.wait_for_timeout(2000)
    page.get_by_role("slider").first.focus()
    times = []
    for _ in range(KEYS):
        page.evaluate(f"void (window.answered = ({KEY_TO_PICTURE})())")
        page.keyboard.press("ArrowRight")
        times.append(page.evaluate("window.answered"))
        page.wait_for_timeout(100)
    page.context.close()
    return {
        "key_to_picture_median_ms": float(np.median(times)),
        "key_to_picture_p95_ms": float(np.quantile(times, 0.95)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkpoint", nargs="?", default=str(PROJECT / "checkpoints/mnist-cvae"))
    parser.add_argument("--seconds", type=float, default=4.0, help="of dragging")
    parser.add_argument("--json", action="store_true")
    parsed = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    source = Path(parsed.checkpoint)
    with tempfile.TemporaryDirectory(prefix="vaelab-live-") as home, sync_playwright() as engine:
        copy = Path(home) / "checkpoints" / source.name
        shutil.copytree(source, copy)
        environment = {
            "VAELAB_HOME": home,
            "VAELAB_CHECKPOINTS": str(copy.parent),
            "VAELAB_BENCHMARK_CHECKPOINT": str(copy),
        }
        browser = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        with server("app.py", environment) as address:
            ours = live(browser, address, source.name, parsed.seconds)
        with server("benchmarks/slider_page.py", environment) as address:
            theirs = with_st_slider(browser, address)
        browser.close()
    ratio = theirs["key_to_picture_median_ms"] / ours["drag_to_paint_median_ms"]
    result = {"checkpoint": source.name, "live": ours, "st_slider": theirs, "times_faster": ratio}
    if parsed.json:
        print(json.dumps(result, indent=2))
        return
    for part in ("live", "st_slider"):
        for name, value in result[part].items():
            print(f"{part:10} {name:36} {value:10.2f}")
    print(f"{'':10} {'times faster':36} {ratio:10.1f}")


if __name__ == "__main__":
    main()
