"""An empty place for what vaelab keeps."""

from __future__ import annotations

from pathlib import Path

import pytest


def settle_home(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Everything that vaelab keeps goes below `root`."""
    for name in ("VAELAB_DATA", "VAELAB_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAELAB_HOME", str(root / "home"))
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(root / "checkpoints"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
