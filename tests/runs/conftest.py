"""A run database and folders of each test's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vaelab.runs import RunStore


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that vaelab keeps goes below `tmp_path`."""
    for name in ("VAELAB_DATA", "VAELAB_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path


@pytest.fixture
def store() -> Iterator[RunStore]:
    store = RunStore()
    yield store
    store.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is so; the limit is only there to end a test that failed."""

    def wait(condition: Callable[[], bool], limit_s: float = 120.0) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.05)

    return wait
