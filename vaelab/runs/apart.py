"""Work in a process of its own that says how far it is, for a thread of a server that waits.

The process ends when whoever started it does: its standard input closes then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from vaelab.runs.processes import child_environment

PROGRESS = "progress.json"
POLL_S = 0.2
END_S = 10
ORPHANED = 3


class StoppedApartError(RuntimeError):
    """The work was not wanted any more."""


def run_apart(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    progress: Callable[[float, str], None],
    stop: threading.Event,
) -> None:
    """Wait for `python -m module arguments... folder`, which calls `end_with_parent` and `tell`.

    Args:
        module: of vaelab, to be run.
        arguments: before the folder.
        folder: where the process finds its input and puts its progress and its result.
        progress: is told the fraction done and what is being done.
        stop: ends the process when it is set.

    Raises:
        StoppedApartError: after `stop`.
        ValueError: with the last line that the process wrote to stderr, if it fails.
        OSError: if no process can be started.
    """
    with (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments, str(folder)],
            env=child_environment(),
            stdin=subprocess.PIPE,  # closes with this process, and the child then ends
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
    with process:
        try:
            _watch(process, folder, progress, stop)
        finally:
            process.kill()
    if process.returncode:
        raise ValueError(_reason(folder, process.returncode))


def tell(folder: Path, fraction: float, message: str) -> None:
    """Say how far it is; for the process that works."""
    temporary = folder / f"{PROGRESS}.new"
    temporary.write_text(json.dumps({"fraction": fraction, "message": message}))
    temporary.replace(folder / PROGRESS)


def end_with_parent() -> None:
    """From now on, end this process when its standard input does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock an ordinary end would wait for
        pass
    os._exit(ORPHANED)


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    progress: Callable[[float, str], None],
    stop: threading.Event,
) -> None:
    while process.poll() is None:
        if stop.wait(POLL_S):
            process.kill()
            process.wait(END_S)
            raise StoppedApartError("It was stopped.")
        try:
            said = json.loads((folder / PROGRESS).read_text())
        except FileNotFoundError:
            continue
        progress(float(said["fraction"]), str(said["message"]))


def _reason(folder: Path, status: int) -> str:
    said = (folder / "stderr").read_text(errors="replace").strip().splitlines()
    return said[-1] if said else f"The process ended with status {status}."
