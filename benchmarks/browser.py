"""What the benchmarks of the pages share: a server of their own, Chromium, a watch on canvases."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize

PROJECT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
SOFTWARE_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}

# Each painted picture is held against the oldest event that it had to answer. EVENTS: what asks
# for a picture; CANVAS: the accessible name of the canvas that shows it.
_WATCH = """
window.vaelab = { pending: [], latencies: [], paints: [], long: [] }
for (const event of EVENTS) {
  addEventListener(event, () => vaelab.pending.push(performance.now()), true)
}
{
  const put = CanvasRenderingContext2D.prototype.putImageData
  CanvasRenderingContext2D.prototype.putImageData = function (...all) {
    put.apply(this, all)
    if (this.canvas.getAttribute("aria-label") !== CANVAS) return
    const now = performance.now()
    vaelab.paints.push(now)
    if (vaelab.pending.length) vaelab.latencies.push(now - vaelab.pending[0])
    vaelab.pending = []
  }
}
new PerformanceObserver((list) => vaelab.long.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask" })
"""
_CLEAR = "Object.assign(vaelab, { pending: [], latencies: [], paints: [], long: [] })"


@dataclass(frozen=True)
class Server:
    """A Streamlit server that runs.

    Attributes:
        address: of its pages, without a slash at the end.
        process: its number; `cpu_seconds` is about it and its threads.
    """

    address: str
    process: int

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far, in user and kernel mode."""
        numbers = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(script: str, environment: dict[str, str]) -> Iterator[Server]:
    """A Streamlit server of `script` on a free port, ended afterwards."""
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
        _wait_for(address, process)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def empty_home(*checkpoints: Path) -> Iterator[dict[str, str]]:
    """The environment of a server that has only copies of these checkpoints, in a new folder."""
    with tempfile.TemporaryDirectory(prefix="vaelab-benchmark-") as home:
        root = Path(home) / "checkpoints"
        root.mkdir()
        for checkpoint in checkpoints:
            shutil.copytree(checkpoint, root / checkpoint.name)
        yield {"VAELAB_HOME": home, "VAELAB_CHECKPOINTS": str(root)}


def chromium(engine: Playwright, flags: Sequence[str] = ()) -> Browser:
    """Headless Chromium of this machine."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    return engine.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


def new_page(
    browser: Browser | BrowserContext, events: Sequence[str] = (), canvas: str = "decoded image"
) -> Page:
    """A page whose watch holds paints of the canvas of that name against those events."""
    context = browser.new_context(viewport=VIEWPORT) if isinstance(browser, Browser) else browser
    page = context.new_page()
    constants = f"const EVENTS = {list(events)!r}, CANVAS = {canvas!r}"
    page.add_init_script(f"{{ {constants}\n{_WATCH} }}")
    return page


def first_picture(page: Page, address: str) -> float:
    """Seconds from asking for the page to its picture."""
    began = time.monotonic()
    page.goto(address)
    page.wait_for_function("window.vaelab.paints.length > 0", timeout=120_000)
    return time.monotonic() - began


def sent_frames(page: Page) -> list[float]:
    """Times of the websocket messages that the page sends from now on, as they come."""
    sent: list[float] = []
    page.on("websocket", lambda s: s.on("framesent", lambda _: sent.append(time.monotonic())))
    return sent


def move(page: Page, seconds: float, place: Callable[[int], tuple[float, float]]) -> dict[str, Any]:
    """Move the mouse to place(0), place(1), … for some seconds; what was painted meanwhile."""
    page.evaluate(_CLEAR)
    began, step = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        page.mouse.move(*place(step))
        step += 1
    duration = time.monotonic() - began
    return {**watched(page, duration), "mouse_moves_per_second": step / duration}


def watched(page: Page, seconds: float) -> dict[str, Any]:
    """What the watch has seen in that time, in ms."""
    found = page.evaluate("vaelab")
    latencies = found["latencies"] or [float("nan")]
    return {
        "median_ms": float(np.median(latencies)),
        "p95_ms": float(np.quantile(latencies, 0.95)),
        "pictures": len(found["paints"]),
        "pictures_per_second": len(found["paints"]) / seconds,
        "long_tasks_over_50_ms": len(found["long"]),
    }


def print_rows(part: str, rows: dict[str, Any]) -> None:
    """One line a figure."""
    for name, value in rows.items():
        print(f"{part:22} {name:36} {value:10.2f}", flush=True)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            time.sleep(0.2)
    raise RuntimeError(f"{address} does not answer")
