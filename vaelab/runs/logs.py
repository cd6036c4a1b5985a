"""The log file of a run, what its worker printed, and the folder of its saved state."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from vaelab import settings

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def log_path(run_id: int) -> Path:
    """Where the worker of that run writes; its folder is made."""
    folder = settings.home() / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{run_id}.log"


def state_folder(run_id: int) -> Path:
    """Where a run keeps what it resumes from; see `vaelab.runs.saved_state`."""
    return settings.home() / "runs" / str(run_id)


def has_state(run_id: int) -> bool:
    """Whether there is anything that the run could resume from, on this machine."""
    folder = state_folder(run_id)
    return folder.is_dir() and any(folder.glob("*.safetensors"))


def remove_state(run_id: int) -> None:
    """Forget what the run resumes from; nothing if there is none."""
    shutil.rmtree(state_folder(run_id), ignore_errors=True)


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


def last_words(run_id: int) -> str:
    """The last line that tells of an error; empty where the log ends as a healthy one does.

    A worker's own lines begin with the time; a traceback's or the interpreter's do not.
    """
    lines = [line.strip() for line in tail(run_id, 50) if line.strip()]
    return "" if not lines or _TIME.match(lines[-1]) else lines[-1][:500]


def keep_job_log(run_id: int, job: str, text: str) -> None:
    """Put what a cluster has of a job's output into the run's log, after those of other jobs.

    Whoever looks after the job does this again and again; the file is replaced in one step.
    """
    path = log_path(run_id)
    before = path.read_text(errors="replace") if path.exists() else ""
    head = f"--- {job} ---\n"
    before = before.partition(head)[0]
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(before + head + text)
    temporary.replace(path)


def remove_files(run_id: int) -> None:
    """Forget the log and the saved state."""
    log_path(run_id).unlink(missing_ok=True)
    remove_state(run_id)
