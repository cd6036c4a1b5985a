"""How the tests share a machine: in which order they begin, which go together, what is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

# What takes longest begins first, so that no process is left alone with it at the end.
FIRST = (
    "tests/runs/test_kills.py",
    "tests/web/server/test_graphs.py",
    "tests/runs/test_supervisor.py",
    "tests/test_cli.py",
    "tests/training/test_state.py",
    "tests/latent",
    "tests/test_export.py",
    "tests/pages",
    "tests/runs",
    "tests/browser/test_loop.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_axis_modes.py",
    "tests/browser/test_live",
)
APART = ("tests/runs/test_kills.py",)  # its cases share nothing: each is handed out by itself
TOGETHER = ("tests/latent",)  # one process compiles UMAP, for all of its files


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    return next((i for i, path in enumerate(FIRST) if nodeid.startswith(path)), len(FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """A file's tests stay in one process and in order, but for those named above."""
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(APART):
                return nodeid
            return next(
                (path for path in TOGETHER if nodeid.startswith(path)), nodeid.split("::")[0]
            )

    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # it would put files of many tests first
    return InOrder(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Compilers keep their headers and tests of the processor, a quarter minute, in one folder."""
    if "TORCHINDUCTOR_CACHE_DIR" in os.environ:  # of the process that started this one, say
        return
    folder = tempfile.mkdtemp(prefix="vaelab-compiled-")
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
