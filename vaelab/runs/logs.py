"""The log file of a run, what its worker printed, and the folder of its saved state."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from vaelab import settings
from vaelab.runs.dialects import server_of

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def runs_folder() -> Path:
    """Folder of the logs and saved states, by the runs' numbers in their database.

    A database on a server has one of its own: its run 1 is not the run 1 of the one in home.
    """
    server = server_of(settings.database_url())
    if not server:
        return settings.home() / "runs"
    return settings.home() / f"runs-{hashlib.sha256(server.encode()).hexdigest()[:8]}"


def is_here(home: str | None) -> bool:
    """Whether a run of that home has its log and saved state in this one; None: nobody knows."""
    return home is None or home == home_id()


def log_path(run_id: int) -> Path:
    """Where the worker of that run writes; its folder is made."""
    folder = runs_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{run_id}.log"


def home_id() -> str:
    """What tells this folder of logs and saved states from another machine's; kept in it.

    A folder that several machines share, or that has moved with its machine, is the same one.
    """
    folder = runs_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "home"
    with suppress(FileExistsError), path.open("x") as file:
        file.write(uuid.uuid4().hex)
    deadline = time.monotonic() + 1
    while not (found := path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.01)  # another process has just made it
    return found


def state_folder(run_id: int) -> Path:
    """Where a run keeps what it resumes from; see `vaelab.runs.saved_state`."""
    return runs_folder() / str(run_id)


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
