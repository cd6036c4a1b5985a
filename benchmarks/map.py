"""The live map: hover to paint, many points shown, a lasso around them, bytes a point.

In headless Chromium with WebGL by software:
`python -m benchmarks.map [CHECKPOINT] [--seconds 4] [--json]`
"""

from __future__ import annotations

import argparse
import json
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks.browser import (
    PROJECT,
    SOFTWARE_WEBGL,
    chromium,
    empty_home,
    move,
    new_page,
    print_rows,
    sent_frames,
    server,
)
from vaelab.web.map.columns import packed

SHOWN = "performance.getEntriesByName('points shown').length > 0"
# Milliseconds: from the navigation, and from asking for the points, to the points' paint.
TIMES = """
() => {
  const shown = performance.getEntriesByName("points shown")[0].startTime
  const asked = performance.getEntriesByType("resource").find((e) => e.name.includes(".bin?"))
  return [shown, shown - asked.startTime]
}
"""
LASSO = "performance.getEntriesByType('measure').filter((e) => e.name === 'lasso').at(-1).duration"
SYNTHETIC = (70_000, 1_000_000)
LASSOED = 400_000
CLASSES = 10


def hover(browser: Browser, address: str, model: str, seconds: float) -> dict[str, Any]:
    """Move over the map; latencies from the pointer's event to the picture, in ms."""
    page = new_page(browser, ["pointermove"])
    sent = sent_frames(page)
    times = open_map(page, f"{address}/map?model={model}")
    page.get_by_text("Decoded in this page").wait_for(timeout=120_000)
    page.wait_for_timeout(4000)  # the trust is measured, and the page says what it has to say
    x, y, width, height = surface(page)

    def place(step: int) -> tuple[float, float]:
        return (
            x + width * (0.5 + 0.3 * float(np.sin(step / 25))),
            y + height * (0.5 + 0.3 * float(np.cos(step / 17))),
        )

    page.mouse.move(*place(0))
    frames = len(sent)
    found = move(page, seconds, place)
    found["websocket_messages"] = len(sent) - frames
    page.context.close()
    return {"points_shown_s": times[1] / 1000, "page_to_points_s": times[0] / 1000, **found}


def shown(browser: Browser, address: str, model: str, n: int) -> dict[str, Any]:
    """A page that is given n synthetic points: seconds until they are there."""
    page = new_page(browser)
    give(page, n)
    times = open_map(page, f"{address}/map?model={model}")
    page.context.close()
    return {"points_shown_s": times[1] / 1000, "page_to_points_s": times[0] / 1000}


def lasso(browser: Browser, address: str, model: str, n: int) -> dict[str, Any]:
    """A lasso around n synthetic points: ms from its last corner to the counts on the page."""
    page = new_page(browser)
    give(page, n)
    open_map(page, f"{address}/map?model={model}")
    page.get_by_role("radio", name="Lasso").check()
    x, y, width, height = surface(page)
    times = []
    for _ in range(3):
        page.mouse.move(x + 2, y + 2)
        page.mouse.down()
        for angle in np.linspace(0, 2 * np.pi, 120):  # many corners, all around
            page.mouse.move(
                x + width * (0.5 - 0.499 * np.cos(angle + 0.8)),
                y + height * (0.5 - 0.499 * np.sin(angle + 0.8)),
            )
        page.mouse.up()
        page.get_by_role("heading", name="codes selected").wait_for()
        times.append(float(page.evaluate(LASSO)))
    selected = page.get_by_role("heading", name="codes selected").inner_text()
    page.context.close()
    return {"answer_ms": max(times), "selected": float(selected.split()[0].replace(",", ""))}


def give(page: Page, n: int) -> None:
    """Have the page get n synthetic points in place of the checkpoint's."""
    body = synthetic(n)

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="application/octet-stream")

    page.route("**/points/*.bin?**", answer)
    page.route("**/quality.json?**", lambda route: route.fulfill(json=None))
    page.route("**/thumbnails.webp?**", lambda route: route.fulfill(status=404))


def synthetic(n: int) -> bytes:
    """Columns of n points in ten clouds, as the server writes them."""
    random = np.random.default_rng(0)
    label = random.integers(0, CLASSES, n)
    angle = 2 * np.pi * label / CLASSES
    centre = np.stack([np.cos(angle), np.sin(angle)]) * 3
    x, y = (centre + random.normal(size=(2, n))).astype("<f4")
    header = {
        "n": n,
        "columns": [
            {"name": "x", "type": "float32"},
            {"name": "y", "type": "float32"},
            {"name": "class", "type": "uint8"},
        ],
        "projection": {
            "name": "umap",
            "title": "synthetic",
            "axisLabels": ["", ""],
            "explainedVariance": None,
        },
        "classes": [str(c) for c in range(CLASSES)],
        "available": n,
        "value": None,
        "valueNote": None,
        "inverse": {"kind": "neighbours"},
        "quality": None,
    }
    return packed(header, {"x": x, "y": y, "class": label.astype(np.uint8)})


def bytes_a_point(address: str, model: str) -> float:
    """Of the server's own answer with class and value."""
    query = "split=all&n=1000000&value=rate&columns=x,y,class,value&quality=later"
    with urllib.request.urlopen(f"{address}/checkpoints/{model}/points/pca.bin?{query}") as answer:
        content = answer.read()
    n: int = json.loads(content[8 : 8 + int.from_bytes(content[4:8], "little")])["n"]
    return len(content) / n


def open_map(page: Page, address: str) -> tuple[float, float]:
    """Ms from the navigation, and from asking for the points, until they are shown."""
    page.goto(address)
    page.wait_for_function(SHOWN, timeout=180_000)
    first, second = page.evaluate(TIMES)
    return float(first), float(second)


def surface(page: Page) -> tuple[float, float, float, float]:
    """Left, top, width and height of the map."""
    plot = page.get_by_role("application")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkpoint", nargs="?", default=str(PROJECT / "checkpoints/mnist-cvae"))
    parser.add_argument("--seconds", type=float, default=4.0, help="of hovering")
    parser.add_argument("--json", action="store_true")
    parsed = parser.parse_args()
    source = Path(parsed.checkpoint)
    result: dict[str, dict[str, Any]] = {}
    with empty_home(source) as home, sync_playwright() as engine:
        browser = chromium(engine, SOFTWARE_WEBGL)
        with server("app.py", home) as running:
            address, model = running.address, source.name
            hover(browser, address, model, 0.2)  # the server's first page, the model's export
            result["hover"] = hover(browser, address, model, parsed.seconds)
            for n in SYNTHETIC:
                result[f"{n:,} points"] = shown(browser, address, model, n)
            result[f"lasso of {LASSOED:,}"] = lasso(browser, address, model, LASSOED)
            result["payload"] = {"bytes_a_point": bytes_a_point(address, model)}
        browser.close()
    if parsed.json:
        print(json.dumps(result, indent=2))
        return
    for part, rows in result.items():
        print_rows(part, rows)


if __name__ == "__main__":
    main()
