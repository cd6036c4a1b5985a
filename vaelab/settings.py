"""Where vaelab keeps things, read from the environment each time it is asked."""

from __future__ import annotations

import os
import sys
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


def remote_store() -> str:
    """Where checkpoints are shared through (`VAELAB_REMOTE`, default nowhere).

    An address that fsspec knows, such as `s3://bucket/models`.
    """
    return os.environ.get("VAELAB_REMOTE", "").strip()


def database_url() -> str:
    """SQLAlchemy address of the run database (`VAELAB_DATABASE_URL`, default SQLite in home).

    SQLite, or PostgreSQL for several machines: `postgresql://user:password@host:5432/database`.
    """
    return os.environ.get("VAELAB_DATABASE_URL") or f"sqlite:///{home() / 'runs.db'}"


def isolated() -> bool:
    """Whether pages are cross-origin isolated (`VAELAB_ISOLATED=1`, default no).

    Browsers then decode on several threads, and refuse to show the pages inside other sites'.
    """
    return os.environ.get("VAELAB_ISOLATED", "") == "1"


def frame_ancestors() -> str:
    """Which sites may show the pages in a frame (`VAELAB_FRAME_ANCESTORS`, default `'self'`).

    Origins with spaces between them, such as `'self' https://notes.example.org`.
    """
    return os.environ.get("VAELAB_FRAME_ANCESTORS", "").strip() or "'self'"


def allowed_users() -> frozenset[str]:
    """Who may log in (`VAELAB_ALLOWED_USERS`): addresses, and `@example.org` for all of a domain.

    Separated by commas, in small letters here; empty: whoever the login's provider lets in.
    """
    names = os.environ.get("VAELAB_ALLOWED_USERS", "").lower().split(",")
    return frozenset(name.strip() for name in names if name.strip())


def slots() -> int | None:
    """Runs at work at once on this host (`VAELAB_SLOTS`); None where nothing is said.

    Raises:
        ValueError: if it is no whole number above 0.
    """
    text = os.environ.get("VAELAB_SLOTS", "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"VAELAB_SLOTS must be a whole number above 0, got {text!r}.")
    return int(text)


def launcher() -> str:
    """Where queued runs are started (`VAELAB_LAUNCHER`, default `local`: on this host)."""
    return os.environ.get("VAELAB_LAUNCHER", "").strip() or "local"


def ray_address() -> str:
    """Address of Ray's job server (`VAELAB_RAY_ADDRESS`, default `http://127.0.0.1:8265`)."""
    return os.environ.get("VAELAB_RAY_ADDRESS", "").strip() or "http://127.0.0.1:8265"


def ray_python() -> str:
    """The Python that has vaelab's packages on Ray's nodes (`VAELAB_RAY_PYTHON`, this one)."""
    return os.environ.get("VAELAB_RAY_PYTHON", "").strip() or sys.executable


def ray_cpus() -> float:
    """Cores that a run asks Ray for unless it says its threads (`VAELAB_RAY_CPUS`, 1).

    Raises:
        ValueError: if it is no number above 0.
    """
    cores = _number("VAELAB_RAY_CPUS", "1")
    if not cores > 0:
        raise ValueError(f"VAELAB_RAY_CPUS must be above 0, got {cores:g}.")
    return cores


def ray_gpus() -> float:
    """GPUs that a run asks Ray for, 0.5 for half of one (`VAELAB_RAY_GPUS`, 0).

    Raises:
        ValueError: if it is no number, 0 or more.
    """
    gpus = _number("VAELAB_RAY_GPUS", "0")
    if not gpus >= 0:
        raise ValueError(f"VAELAB_RAY_GPUS must be 0 or more, got {gpus:g}.")
    return gpus


def state_seconds() -> float:
    """How often a run saves the state that it can resume from (`VAELAB_STATE_SECONDS`, 30).

    Raises:
        ValueError: if it is no number of seconds, 0 or more.
    """
    text = os.environ.get("VAELAB_STATE_SECONDS", "").strip() or "30"
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise ValueError(f"VAELAB_STATE_SECONDS must be seconds, 0 or more, got {text!r}.")
    return seconds


def _number(name: str, default: str) -> float:
    text = os.environ.get(name, "").strip() or default
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, got {text!r}.") from None
