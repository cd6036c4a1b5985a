"""Where vaelab keeps things, read from the environment each time it is asked."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Folder of the run database, logs and caches (`VAELAB_HOME`, default `.vaelab/`)."""
    return Path(os.environ.get("VAELAB_HOME") or PROJECT / ".vaelab")


def data_dir() -> Path:
    """Folder of the data sets' files (`VAELAB_DATA`, default `<home>/data`)."""
    return Path(os.environ.get("VAELAB_DATA") or home() / "data")


def checkpoints_dir() -> Path:
    """Folder of the checkpoint folders (`VAELAB_CHECKPOINTS`, default `checkpoints/`)."""
    return Path(os.environ.get("VAELAB_CHECKPOINTS") or PROJECT / "checkpoints")


def database_url() -> str:
    """SQLAlchemy address of the run database (`VAELAB_DATABASE_URL`, default SQLite in home)."""
    return os.environ.get("VAELAB_DATABASE_URL") or f"sqlite:///{home() / 'runs.db'}"


def isolated() -> bool:
    """Whether pages are cross-origin isolated (`VAELAB_ISOLATED=1`, default no).

    Browsers then decode on several threads, and refuse to show the pages inside other sites'.
    """
    return os.environ.get("VAELAB_ISOLATED", "") == "1"
