"""Many browser sessions at once on five pages: errors, and how long pages and interactions take.

    python -m benchmarks.sessions [--sessions 50] [--rounds 5] [--url URL]

Every session is a Chromium window of its own, without a common cache or cookies. All open at once,
each on one of five pages; then each goes on to the next page by the sidebar, `--rounds` times,
after a rest of up to `--rest` seconds. A visit ends when Streamlit has run the page to its end and
its title stands there. Red boxes, errors in the console, and answers of 400 and more are counted.
Chromium needs more of the processor than the server: its share is printed, and with one session
the same visits tell what is the machine's own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from playwright.async_api import Browser, Page, async_playwright, expect

PROJECT = Path(__file__).resolve().parents[1]
PAGES = ("Map", "Sliders", "Interpolate", "Reconstruct", "Evaluate")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PATIENCE_MS = 300_000


@dataclass
class Seen:
    """What all sessions met: seconds of every visit, and every error."""

    opened: list[float] = field(default_factory=list)
    gone_on: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def served(url: str | None) -> Iterator[tuple[str, psutil.Process | None]]:
    """The app's address and, where it is started here, its process."""
    if url:
        yield url, None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "VAELAB_HOME": home}
        flags = ["--server.headless", "true", "--server.port", str(port)]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags]
        with Path(home, "app.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
            try:
                wait_for(f"http://localhost:{port}")
                yield f"http://localhost:{port}", psutil.Process(server.pid)
            finally:
                server.terminate()
                server.wait(60)


def wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


async def settled(page: Page, title: str) -> None:
    """Wait until the page has this title and its script has ended."""
    await expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    await expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=PATIENCE_MS
    )


def listen(page: Page, seen: Seen) -> None:
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "response",
        # On an inner address Streamlit first asks below it, is told 404, and goes to the root.
        lambda answer: (
            seen.errors.append(f"{answer.status} {answer.url}")
            if answer.status >= 400 and "/_stcore/" not in answer.url
            else None
        ),
    )


async def session(browser: Browser, url: str, number: int, chosen: argparse.Namespace) -> Seen:
    """One user: opens a page, then goes from page to page."""
    seen, draw = Seen(), random.Random(number)
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    listen(page, seen)
    place = number % len(PAGES)
    began = time.monotonic()
    await page.goto(f"{url}/{PAGES[place].lower()}", timeout=PATIENCE_MS)
    await settled(page, PAGES[place])
    seen.opened.append(time.monotonic() - began)
    for _ in range(chosen.rounds):
        await asyncio.sleep(draw.uniform(0, chosen.rest))
        place = (place + 1) % len(PAGES)
        began = time.monotonic()
        await (
            page.get_by_test_id("stSidebarNav")
            .get_by_role("link", name=PAGES[place])
            .click(timeout=PATIENCE_MS)
        )
        await settled(page, PAGES[place])
        seen.gone_on.append(time.monotonic() - began)
        boxes = await page.get_by_test_id("stException").all_inner_texts()
        seen.errors += [f"{PAGES[place]}: {text}" for text in boxes]
    await context.close()
    return seen


async def crowd(url: str, n: int, chosen: argparse.Namespace) -> Seen:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    together = Seen()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for seen in await asyncio.gather(*(session(browser, url, i, chosen) for i in range(n))):
            together.opened += seen.opened
            together.gone_on += seen.gone_on
            together.errors += seen.errors
        await browser.close()
    return together


def used(process: psutil.Process | None) -> float:
    """Processor seconds of the server so far."""
    times = process.cpu_times() if process else None
    return float(times.user + times.system) if times else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5, help="pages visited after the first")
    parser.add_argument("--rest", type=float, default=5.0, help="most seconds between visits")
    parser.add_argument("--url", help="an app that runs already (default: one of its own)")
    chosen = parser.parse_args()
    with served(chosen.url) as (url, server):
        asyncio.run(crowd(url, 1, chosen))  # the first visitor waits for imports
        errors = 0
        for n in (1, chosen.sessions):
            before, began = used(server), time.monotonic()
            seen = asyncio.run(crowd(url, n, chosen))
            seconds = time.monotonic() - began
            print(f"{n} session{'s' * (n > 1)}, {seconds:.0f} s:", flush=True)
            for name, taken in (("first page", seen.opened), ("next page", seen.gone_on)):
                middle, high = np.quantile(taken, (0.5, 0.95))
                visits = len(taken)
                print(f"  {name:11} median {middle:6.2f} s   95% {high:6.2f} s   ({visits} visits)")
            if server:
                memory = server.memory_info().rss / 2**20
                share = (used(server) - before) / seconds
                print(f"  server: {share:.2f} of a core, {memory:,.0f} MiB resident")
            errors += len(seen.errors)
            print(f"  errors: {len(seen.errors)}", *sorted(set(seen.errors))[:10], sep="\n    ")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
