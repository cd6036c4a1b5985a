"""A browser without a network."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.checkpoints import GRAPHS, Checkpoint, find_graph, read_checkpoint
from vaelab.web.background import stop_all
from vaelab.web.server import graphs, routes


@pytest.fixture
def browser() -> Iterator[TestClient]:
    yield TestClient(Starlette(routes=routes.routes()))
    stop_all()


@pytest.fixture
def exports(trained: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders exported to: the files of the tiny checkpoint's run, without the long wait."""
    folders: list[Path] = []

    def copy(_: Checkpoint, folder: Path) -> None:
        folders.append(folder)
        for graph in GRAPHS:
            shutil.copy(find_graph(read_checkpoint(trained), graph), folder / f"{graph}.onnx")

    monkeypatch.setattr(graphs, "export_apart", copy)
    return folders


@pytest.fixture
def patiently(browser: TestClient) -> Callable[..., object]:
    """Ask until the answer is no longer 202; the limit is only there to end a test that failed."""

    def ask(address: str, limit_s: float = 280.0, **post: object) -> object:
        deadline = time.monotonic() + limit_s
        while True:
            answer = browser.post(address, **post) if post else browser.get(address)
            if answer.status_code != 202:
                return answer
            assert 0 <= answer.json()["fraction"] <= 1
            assert answer.json()["message"]
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.05)

    return ask
