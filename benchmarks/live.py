"""Drag to paint: the sliders page against st.slider with the same decoder on the server.

All in one run, in headless Chromium:
`python -m benchmarks.live [--models mnist-cvae untrained-64 untrained-128] [--seconds 4] [--json]`
`python -m benchmarks.live --models digits-cvae --decodes 100000` for the memory alone.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import (
    PROJECT,
    Server,
    chromium,
    empty_home,
    first_picture,
    move,
    new_page,
    print_rows,
    sent_frames,
    server,
)
from benchmarks.live_memory import memory
from benchmarks.live_tabs import tabs
from benchmarks.untrained import untrained_checkpoint

MODELS = ("mnist-cvae", "untrained-64", "untrained-128")
UNTRAINED = "untrained-"  # followed by the side of its images
KEYS = 25  # presses on the page with st.slider
SETTLING = 4000  # ms: film strips, and what the page has to say to the server

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


def live(browser: Browser, address: str, model: str, seconds: float) -> dict[str, Any]:
    """Drag the first slider to and fro; latencies in ms."""
    page = new_page(browser, ["input"])
    sent = sent_frames(page)
    opened = [first_picture(page, f"{address}/sliders?model={model}") for _ in range(2)]
    page.get_by_text("Decoded in this page").wait_for(timeout=300_000)
    page.wait_for_timeout(SETTLING)
    box = page.get_by_role("slider").first.bounding_box()
    assert box is not None
    left, width, middle = box["x"], box["width"], box["y"] + box["height"] / 2
    page.mouse.move(left + width / 2, middle)
    page.mouse.down()
    frames = len(sent)
    found = move(
        page, seconds, lambda step: (left + (0.5 + 0.4 * math.sin(step / 25)) * width, middle)
    )
    messages = len(sent) - frames
    page.mouse.up()
    decoding = decoding_ms(page)
    page.context.close()
    return {
        "first_picture_cold_s": opened[0],
        "first_picture_warm_s": opened[1],
        "drag_to_paint_median_ms": found["median_ms"],
        "drag_to_paint_p95_ms": found["p95_ms"],
        "pictures_per_second": found["pictures_per_second"],
        "mouse_moves_per_second": found["mouse_moves_per_second"],
        "long_tasks_over_50_ms": found["long_tasks_over_50_ms"],
        "websocket_messages_while_dragging": messages,
        "of_which_decoding_ms": decoding,
    }


def decoding_ms(page: Page) -> float:
    """What the page says that its decoder took for the last picture."""
    said = page.get_by_text("Decoded in this page").inner_text()
    return float(said.split(",")[1].split()[0])


def with_st_slider(browser: Browser, address: str) -> dict[str, Any]:
    """Press an arrow key on st.slider and wait for the picture, again and again."""
    page = new_page(browser)
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


@contextmanager
def checkpoint_of(model: str) -> Iterator[Path]:
    """The folder of a bundled checkpoint, of one by its path, or of an untrained model."""
    if not model.startswith(UNTRAINED):
        yield path if (path := Path(model)).is_dir() else PROJECT / "checkpoints" / model
        return
    with tempfile.TemporaryDirectory(prefix="vaelab-untrained-") as folder:
        yield untrained_checkpoint(Path(folder), int(model.removeprefix(UNTRAINED)))


def measure(browser: Browser, model: str, parsed: argparse.Namespace) -> dict[str, Any]:
    """All figures of one model."""
    with checkpoint_of(model) as folder, empty_home(folder) as environment:
        with server("app.py", environment) as running:
            if parsed.decodes:
                return {"memory": memory(browser, running.address, folder.name, parsed.decodes)}
            result = in_the_page(browser, running, folder.name, parsed)
        root = Path(environment["VAELAB_CHECKPOINTS"])
        environment["VAELAB_BENCHMARK_CHECKPOINT"] = str(root / folder.name)
        with server("benchmarks/slider_page.py", environment) as running:
            theirs = with_st_slider(browser, running.address)
    ratio = theirs["key_to_picture_median_ms"] / result["live"]["drag_to_paint_median_ms"]
    return {**result, "st_slider": theirs, "ratio": {"times_faster": ratio}}


def in_the_page(
    browser: Browser, running: Server, model: str, parsed: argparse.Namespace
) -> dict[str, Any]:
    """What is measured on the sliders page."""
    result = {"live": live(browser, running.address, model, parsed.seconds)}
    if parsed.tabs > 1:
        for n in (1, parsed.tabs):
            result[f"{n}_tabs"] = tabs(browser, running, model, n, parsed.seconds)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--models", nargs="+", default=MODELS, help="ids, paths or untrained-SIDE")
    parser.add_argument("--seconds", type=float, default=4.0, help="of dragging")
    parser.add_argument("--tabs", type=int, default=5, help="that are dragged in at once")
    parser.add_argument("--decodes", type=int, default=0, help="measure memory over so many")
    parser.add_argument("--json", action="store_true")
    parsed = parser.parse_args()
    results = {}
    with sync_playwright() as engine:
        for model in parsed.models:
            browser = chromium(engine)  # a new one, so that its caches are cold
            results[model] = measure(browser, model, parsed)
            browser.close()
            if not parsed.json:
                for part, rows in results[model].items():
                    print_rows(f"{model} {part}", rows)
    if parsed.json:
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
