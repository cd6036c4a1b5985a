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
from vaelab.runs.threads import give_way, prepare_environment

PROGRESS = "progress.json"
POLL_S = 0.2
END_S = 10
ORPHANED = 3

Progress = Callable[[float, str], None]  # the fraction done, and what is being done
Work = Callable[[Sequence[str], Path, Progress], None]


class StoppedApartError(RuntimeError):
    """The work was not wanted any more."""


def run_apart(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    progress: Progress,
    stop: threading.Event,
) -> None:
    """Wait for `python -m module arguments... folder`, which is `work_for_parent`.

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


def work_for_parent(work: Work) -> int:
    """The process that `run_apart` starts, from its beginning to its exit status.

    It takes the lowest priority, and ends when whoever started it does. Status 1 comes with a
    sentence on stderr.

    Args:
        work: (arguments before the folder, the folder, progress); imports torch itself, for the
            first word is said before that.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare_environment(os.environ)
    give_way()
    *arguments, place = sys.argv[1:]
    folder = Path(place)

    def progress(fraction: float, message: str) -> None:
        _tell(folder, fraction, message)

    progress(0.0, "Starting")
    try:
        work(arguments, folder, progress)
    except (ValueError, ArithmeticError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(folder: Path, fraction: float, message: str) -> None:
    temporary = folder / f"{PROGRESS}.new"
    temporary.write_text(json.dumps({"fraction": fraction, "message": message}))
    temporary.replace(folder / PROGRESS)


def _end_with_parent() -> None:
    """End this process when its standard input ends."""
    while os.read(0, 1):  # not sys.stdin, whose lock an ordinary end would wait for
        pass
    os._exit(ORPHANED)


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    progress: Progress,
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
