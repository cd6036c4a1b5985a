"""The app as its user meets it: a server of its own on an empty home, and a real Chromium."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, WebSocket, expect, sync_playwright

LEFT_TO_THE_SERVER = "cifar10-vae"
PROJECT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL by software, for the map
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # and by software nothing else: a page drawn that way costs a third more
    "--disable-gpu-compositing",
]
SECOND = 1000
PATIENCE = 60 * SECOND  # of every wait: only there to end a test that failed
expect.set_options(timeout=PATIENCE)


def chromium_path() -> str:
    """Where Chromium is."""
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    path = next((name for name in found if name), None)
    assert path, "the browser tests need Chromium: apt-get install chromium"
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in this folder needs a browser, whether its file says so or not."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@dataclass
class App:
    """A running server; `kill` and `start` again to see what survives."""

    home: Path
    checkpoints: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        environment = {
            **os.environ,
            "VAELAB_HOME": str(self.home),
            "VAELAB_CHECKPOINTS": str(self.checkpoints),
            "VAELAB_DATA": str(self.home / "data"),
        }
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        flags = ["--server.headless", "true", "--server.port", str(self.port)]
        with (self.home / "app.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *flags], cwd=PROJECT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self.home / "app.log").read_text())

    def stop(self) -> None:
        """As a service manager does: SIGTERM, and time to end."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def bundled_graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ONNX files as a server keeps them, made once for all test processes of this session.

    A server starts a process for each, of many seconds; one is left for it to do.
    """
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "onnx"
    command = [sys.executable, "-m", "tests.browser.bundled_graphs", folder, LEFT_TO_THE_SERVER]
    with (root / "onnx.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            subprocess.run(command, cwd=PROJECT, check=True)
    return folder


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, bundled_graphs: Path) -> Iterator[App]:
    """The app on copies of the bundled checkpoints and a home with nothing but ONNX files."""
    home = tmp_path_factory.mktemp("home")
    checkpoints = home / "checkpoints"
    shutil.copytree(PROJECT / "checkpoints", checkpoints)
    shutil.copytree(bundled_graphs, home / "onnx")
    running = App(home, checkpoints)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, app: App) -> Iterator[Page]:
    """A page that fails its test if it ever shows a red box or logs an error."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        url = str(message.location.get("url"))
        # On an inner address Streamlit first asks below it, is told 404, and goes to the root.
        if message.type == "error" and "/_stcore/" not in url:
            errors.append(f"{message.text} ({url})")

    opened.on("console", note)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    red_boxes = opened.get_by_test_id("stException").all_inner_texts()
    context.close()
    assert not red_boxes
    assert not errors


def settle(page: Page) -> None:
    """Wait until Streamlit has run the page to its end."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=90 * SECOND
    )


def frames_sent(page: Page) -> list[str]:
    """A list that grows by one with every message that the page, opened after this, sends."""
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda _frame: sent.append("frame"))

    page.on("websocket", listen)
    return sent


def until_quiet(page: Page, sent: list[str]) -> None:
    """Wait until the page has said all that it says by itself: nothing new for a while."""
    heard = -1
    while heard < len(sent):
        heard = len(sent)
        page.wait_for_timeout(1.5 * SECOND)
