"""The workers that this process started: which have ended, and how."""

from __future__ import annotations

import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass

from vaelab.runs.faults import oom_kills
from vaelab.runs.processes import WorkerId

DYING_S = 5.0
REMEMBERED = 1000  # ends that nobody has asked about


@dataclass(frozen=True, eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    oom_kills_before: int | None


# Workers outlive the supervisor that started them; whichever supervisor lives reaps them.
_children: list[_Child] = []
_ends: dict[int, str] = {}  # process number -> how it ended
_lock = threading.Lock()


def adopt(process: subprocess.Popen[bytes]) -> None:
    """Note a worker that was just started."""
    with _lock:
        _ends.pop(process.pid, None)
        _children.append(_Child(process, oom_kills()))


def reap() -> None:
    """Take leave of workers that have ended, so that they are no zombies."""
    with _lock:
        for child in [child for child in _children if child.process.poll() is not None]:
            _children.remove(child)
            _ends[child.process.pid] = _how(child)
        while len(_ends) > REMEMBERED:
            del _ends[next(iter(_ends))]


def end_of(worker: WorkerId) -> str:
    """How a worker that is gone has ended: `was killed ...`; less is known of others' children."""
    with _lock:
        own = [child.process for child in _children if child.process.pid == worker.pid]
    for process in own:
        # Its first thread is a zombie, the others may still be dying: only then its end is known.
        with suppress(subprocess.TimeoutExpired):
            process.wait(DYING_S)
    reap()
    with _lock:
        return _ends.get(worker.pid, "ended without a word")


def _how(child: _Child) -> str:
    status = child.process.returncode
    if status >= 0:
        return f"ended with exit status {status}"
    name = signal.Signals(-status).name
    if -status != signal.SIGKILL:
        return f"was ended by the signal {name}"
    now = oom_kills()
    if now is not None and child.oom_kills_before is not None and now > child.oom_kills_before:
        return (
            "was killed by the system because memory ran out; smaller batches, a narrower network "
            "or smaller images need less"
        )
    return f"was killed ({name}), by the system if memory ran out, or by somebody"
