"""The log file of a run: what its worker printed."""

from __future__ import annotations

import os
from pathlib import Path

from vaelab import settings


def log_path(run_id: int) -> Path:
    """Where the worker of that run writes; its folder is made."""
    folder = settings.home() / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{run_id}.log"


def tail(run_id: int, n_lines: int = 200, n_bytes: int = 200_000) -> list[str]:
    """The last lines of the log, none where there is no log."""
    path = log_path(run_id)
    if not path.exists():
        return []
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - n_bytes))
        text = file.read().decode("utf-8", errors="replace")
    return text.splitlines()[-n_lines:]


def last_line(run_id: int) -> str:
    """The last line that is not blank, or an empty string; an error's line names the error."""
    lines = [line.strip() for line in tail(run_id, 50) if line.strip()]
    return lines[-1][:500] if lines else ""


def remove_log(run_id: int) -> None:
    log_path(run_id).unlink(missing_ok=True)
