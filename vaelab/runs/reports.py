"""What a worker tells the run database, and what it is told in return."""

from __future__ import annotations

from enum import Enum

import numpy as np
import sqlalchemy as sa

from vaelab.runs import curves, rows
from vaelab.runs.database import Database
from vaelab.runs.processes import WorkerId
from vaelab.runs.record import Progress, Run
from vaelab.runs.states import RunError, RunState


class Beat(Enum):
    """The database's answer to a heartbeat."""

    GO_ON = "go on"
    PAUSE = "pause"  # somebody asked for it
    STOP = "stop"  # likewise
    GONE = "gone"  # the run was deleted, ended, or belongs to another process by now


class Reports(Database):
    """The worker's side of the run database."""

    def attach(self, run_id: int, worker: WorkerId, job: str | None = None) -> bool:
        """Say that `worker`, of a cluster's `job` or of none, works on a claimed run; if it may.

        A job that waited in its cluster until the run had another one comes too late.
        """
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.job != job:
                return False
            if run.worker is not None and not run.worker.is_same(worker):
                return False
            if run.state is RunState.LOST:  # it only took long to start
                rows.move(connection, run_id, RunState.RUNNING, "")
            elif not run.is_working:
                return False
            rows.change(connection, run_id, **rows.owner(worker))
            return True

    def heartbeat(self, run_id: int, worker: WorkerId, progress: Progress) -> Beat:
        """Note that the worker lives and how far it is; a lost run is found again by this."""
        with self._write() as connection:
            if not _reclaim(connection, run_id, worker):
                return Beat.GONE
            rows.change(connection, run_id, heartbeat_at=rows.now(connection), **vars(progress))
            return _request(rows.get(connection, run_id))

    def requested(self, run_id: int) -> Beat:
        """What the run is to do: a cheap read between heartbeats."""
        with self._read() as connection:
            run = rows.find(connection, run_id)
            return Beat.GONE if run is None else _request(run)

    def finish(
        self,
        run_id: int,
        state: RunState,
        message: str = "",
        worker: WorkerId | None = None,
        progress: Progress | None = None,
    ) -> None:
        """End or pause a run, with its last progress; RunError if the table does not allow it.

        With `worker`, only if that process still owns the run; it may have been taken for lost.
        """
        with self._write() as connection:
            if worker is not None and not _reclaim(connection, run_id, worker):
                raise RunError(f"Run {run_id} does not belong to this process any more.")
            values = vars(progress) if progress else {}
            rows.move(connection, run_id, state, message, **values)

    def lose(self, seen: Run, message: str) -> bool:
        """Mark a run as lost unless it has given a sign of life since it was `seen`."""
        with self._write() as connection:
            run = rows.get(connection, seen.id)
            if not run.is_working or run.heartbeat_at != seen.heartbeat_at:
                return False
            if run.worker != seen.worker:
                return False
            rows.move(connection, seen.id, RunState.LOST, message)
            return True

    def record_epoch(self, run_id: int, epoch: int, **splits: dict[str, float]) -> None:
        """Append an epoch's numbers: `train={"elbo": ...}, validation={...}`, nats per image."""
        with self._write() as connection:
            curves.write_metrics(connection, run_id, epoch, splits)

    def add_image(self, run_id: int, epoch: int, kind: str, png: bytes) -> None:
        """Keep one picture of an epoch, replacing an earlier one."""
        with self._write() as connection:
            curves.write_image(connection, run_id, epoch, kind, png)

    def add_array(self, run_id: int, epoch: int, name: str, array: np.ndarray) -> None:
        """Keep an array of an epoch, replacing an earlier one."""
        with self._write() as connection:
            curves.write_array(connection, run_id, epoch, name, array)


def _request(run: Run) -> Beat:
    if run.stop_requested_at is not None:
        return Beat.STOP
    return Beat.PAUSE if run.state is RunState.PAUSING else Beat.GO_ON


def _reclaim(connection: sa.Connection, run_id: int, worker: WorkerId) -> bool:
    """Whether the run is the worker's; one that was taken for lost is running again by this."""
    run = rows.find(connection, run_id)
    if run is None or run.worker is None or not run.worker.is_same(worker):
        return False
    if run.state is RunState.LOST:
        rows.move(connection, run_id, RunState.RUNNING, "", finished_at=None)
        return True
    return run.is_working
