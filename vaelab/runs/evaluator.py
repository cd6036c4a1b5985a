"""Evaluations in a process of their own: `python -m vaelab.runs.evaluator FILE`.

One file a checkpoint says what is asked and how far it is; pages read it. A process that dies
leaves its sections in the checkpoint's report, and the next one goes on from there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from vaelab import settings as places
from vaelab.runs.processes import (
    Liveness,
    WorkerId,
    child_environment,
    kill,
    liveness,
    this_worker,
    worker_id,
)
from vaelab.runs.threads import give_way, prepare_environment

RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
TELL_S = 0.5

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Evaluation:
    """Where the evaluation of a checkpoint stands.

    Attributes:
        checkpoint: its folder.
        settings: of `EvaluationSettings`, by name.
        data_dir: folder of the named data sets' files.
        state: running, done, failed or stopped.
        fraction: of the work, 0..1.
        message: what is being done, or how it ended.
        worker: the process.
        changed: Unix seconds.
    """

    checkpoint: str
    settings: Mapping[str, Any]
    data_dir: str
    state: str = RUNNING
    fraction: float = 0.0
    message: str = "starting"
    worker: WorkerId | None = None
    changed: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.state == RUNNING

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Evaluation:
        """From the file's JSON; raises ValueError for anything else."""
        if set(values) != {field.name for field in fields(cls)}:
            raise ValueError("this is no evaluation.")
        worker = values["worker"]
        return cls(**{**values, "worker": None if worker is None else WorkerId(**worker)})


def evaluation_of(checkpoint: Path) -> Evaluation | None:
    """The last evaluation that was started for a checkpoint folder; None without one.

    One whose process has died without a word is `stopped`.
    """
    found = _read(_path(checkpoint))
    if found is None or not found.is_running or found.worker is None:
        return found
    _reap()
    if liveness(found.worker) is Liveness.DEAD:
        again = _read(_path(checkpoint))  # it may have ended well in between
        if again is not None and again.is_running:
            message = "It ended before it was complete; what it had measured is kept."
            return replace(again, state=STOPPED, message=message)
        return again
    return found


def start_evaluation(checkpoint: Path, settings: Mapping[str, Any], data_dir: Path) -> Evaluation:
    """Measure a checkpoint in a process of its own, unless that is being done; at once.

    Raises:
        OSError: if no process can be started.
    """
    found = evaluation_of(checkpoint)
    if found is not None and found.is_running:
        return found
    asked = Evaluation(str(checkpoint), dict(settings), str(data_dir), changed=time.time())
    path = _path(checkpoint)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, asked)
    with path.with_suffix(".log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "vaelab.runs.evaluator", str(path)],
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(child)
    started = replace(asked, worker=worker_id(child.pid))
    _write(path, started)  # a child that dies before its first word is found dead
    return started


def stop_evaluation(checkpoint: Path) -> None:
    """End the process; the sections that it has finished stay."""
    found = evaluation_of(checkpoint)
    if found is None or not found.is_running or found.worker is None:
        return
    kill(found.worker)
    message = "Stopped; what it had measured is kept."
    _write(_path(checkpoint), replace(found, state=STOPPED, message=message))


def work(path: Path) -> Evaluation:
    """Do the evaluation that the file asks for, in this process; how it ended."""
    from vaelab.checkpoints import read_checkpoint  # imports torch: the file is read before
    from vaelab.evaluation import EvaluationSettings
    from vaelab.runs.measuring import measure
    from vaelab.runs.threads import limited_threads

    asked = _read(path)
    if asked is None:
        raise ValueError(f"{path} asks for no evaluation.")
    state = replace(asked, worker=this_worker())
    _write(path, state)
    told = 0.0

    def tell(fraction: float, what: str) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_S:
            told = time.monotonic()
            _write(path, replace(state, fraction=fraction, message=what, changed=time.time()))

    try:
        with limited_threads():
            measure(
                read_checkpoint(asked.checkpoint),
                EvaluationSettings.from_dict(dict(asked.settings)),
                data_dir=Path(asked.data_dir),
                save=True,
                progress=tell,
            )
    except (ValueError, ArithmeticError, OSError) as error:
        end = replace(state, state=FAILED, message=str(error).strip() or type(error).__name__)
    else:
        end = replace(state, state=DONE, fraction=1.0, message="Measured.")
    end = replace(end, changed=time.time())
    _write(path, end)
    return end


def _path(checkpoint: Path) -> Path:
    name = hashlib.sha256(str(checkpoint.resolve()).encode()).hexdigest()[:16]
    return places.home() / "evaluations" / f"{name}.json"


def _read(path: Path) -> Evaluation | None:
    try:
        return Evaluation.from_dict(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, evaluation: Evaluation) -> None:
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.write_text(json.dumps(asdict(evaluation)))
    temporary.replace(path)


def _reap() -> None:
    """Take leave of processes that have ended, so that they are no zombies."""
    _children[:] = [child for child in _children if child.poll() is None]


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 for done, 1 for failed."""
    prepare_environment(os.environ)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    give_way()
    (path,) = sys.argv[1:] if arguments is None else arguments
    end = work(Path(path))
    logging.info("%s. %s", end.state, end.message)
    return 0 if end.state == DONE else 1


if __name__ == "__main__":
    sys.exit(main())
