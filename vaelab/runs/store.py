"""The run database: every change of state is one transaction, checked against the table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vaelab import settings
from vaelab.runs import curves, rows
from vaelab.runs.logs import remove_log
from vaelab.runs.processes import WorkerId, this_host
from vaelab.runs.record import Metric, Progress, Run
from vaelab.runs.states import RunError, RunState
from vaelab.runs.tables import open_engine, runs, schema

if TYPE_CHECKING:  # imports torch, which the worker must not wait for before it reports
    from vaelab.runs.config import RunConfig


class Beat(Enum):
    """The database's answer to a heartbeat."""

    GO_ON = "go on"
    STOP = "stop"  # somebody asked for it
    GONE = "gone"  # the run was deleted, ended, or belongs to another process by now


class RunStore:
    """The runs of one database; use one store a process, from any of its threads.

    Args:
        url: SQLAlchemy address; `settings.database_url()` without.

    Raises:
        RunError: if the database cannot be opened or is too new.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = url or settings.database_url()
        self._engine = open_engine(self.url)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    # Reading

    def get(self, run_id: int) -> Run:
        """That run; RunError if there is none."""
        with self._read() as connection:
            return rows.get(connection, run_id)

    def list_runs(self, *states: RunState) -> list[Run]:
        """The runs in these states (all without), newest first."""
        query = sa.select(runs).order_by(runs.c.id.desc())
        if states:
            query = query.where(runs.c.state.in_([str(s) for s in states]))
        with self._read() as connection:
            return [Run.from_row(row) for row in connection.execute(query).mappings()]

    def metrics(self, run_id: int) -> list[Metric]:
        """The run's numbers by epoch."""
        with self._read() as connection:
            return curves.read_metrics(connection, run_id)

    def image_epochs(self, run_id: int, kind: str) -> list[int]:
        """The epochs that have a picture of that kind (reconstructions, samples)."""
        with self._read() as connection:
            return curves.image_epochs(connection, run_id, kind)

    def image(self, run_id: int, epoch: int, kind: str) -> bytes | None:
        """One PNG, or None."""
        with self._read() as connection:
            return curves.read_image(connection, run_id, epoch, kind)

    # Coming and going

    def enqueue(self, config: RunConfig) -> int:
        """Put a run at the end of the queue; its number. RunError as for `start_foreground`."""
        with self._write() as connection:
            return rows.insert(connection, config, RunState.QUEUED, background=True)

    def start_foreground(self, config: RunConfig, worker: WorkerId) -> int:
        """Record a run that the asking process trains itself; its number.

        Raises:
            RunError: if an unfinished run writes the same checkpoint folder.
        """
        with self._write() as connection:
            run_id = rows.insert(connection, config, RunState.RUNNING, background=False)
            rows.change(connection, run_id, **rows.owner(worker), heartbeat_at=time.time())
            return run_id

    def claim_next(self, slots: int = 1) -> Run | None:
        """Take the oldest queued run for this host, if fewer than `slots` run here."""
        running = sa.select(sa.func.count()).where(
            runs.c.state == RunState.RUNNING, runs.c.host == this_host()
        )
        oldest = sa.select(runs).where(runs.c.state == RunState.QUEUED).order_by(runs.c.id).limit(1)
        with self._write() as connection:
            # Where writers do not exclude each other (PostgreSQL), this row makes claims do so.
            connection.execute(sa.select(schema.c.version).with_for_update())
            if (connection.scalar(running) or 0) >= slots:
                return None
            row = connection.execute(oldest).mappings().first()
            if row is None:
                return None
            run_id = int(row["id"])
            now = time.time()
            values = {"host": this_host(), "started_at": now, "heartbeat_at": now}
            rows.move(connection, run_id, RunState.RUNNING, "", **values)
            return rows.get(connection, run_id)

    def request_stop(self, run_id: int) -> Run:
        """Ask a run to stop: a queued one is stopped at once. RunError if it has ended."""
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.state is RunState.QUEUED:
                rows.move(connection, run_id, RunState.STOPPED, "Stopped before it started.")
            elif run.state is RunState.RUNNING:
                if run.stop_requested_at is None:
                    rows.change(connection, run_id, stop_requested_at=time.time())
            else:
                raise RunError(f"Run {run_id} is {run.state}: there is nothing to stop.")
            return rows.get(connection, run_id)

    def finish(
        self,
        run_id: int,
        state: RunState,
        message: str = "",
        worker: WorkerId | None = None,
        progress: Progress | None = None,
    ) -> None:
        """End a run, with its last progress; RunError if the table does not allow it.

        With `worker`, only if that process still owns the run; it may have been taken for lost.
        """
        with self._write() as connection:
            if worker is not None and not _reclaim(connection, run_id, worker):
                raise RunError(f"Run {run_id} does not belong to this process any more.")
            rows.move(connection, run_id, state, message, **(vars(progress) if progress else {}))

    def lose(self, seen: Run, message: str) -> bool:
        """Mark a run as lost unless it has given a sign of life since it was `seen`."""
        with self._write() as connection:
            run = rows.get(connection, seen.id)
            if run.state is not RunState.RUNNING or run.heartbeat_at != seen.heartbeat_at:
                return False
            if run.worker != seen.worker:
                return False
            rows.move(connection, seen.id, RunState.LOST, message)
            return True

    def delete(self, run_id: int) -> None:
        """Forget a run that is not at work, with its curves, pictures and log.

        The checkpoint folder stays. RunError if the run is queued or running.
        """
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.is_active:
                raise RunError(f"Run {run_id} is {run.state}; stop it before deleting it.")
            connection.execute(runs.delete().where(runs.c.id == run_id))
        remove_log(run_id)

    # What the worker reports

    def attach(self, run_id: int, worker: WorkerId) -> bool:
        """Say that `worker` works on a claimed run; whether it may."""
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.worker is not None and not run.worker.is_same(worker):
                return False
            if run.state is RunState.LOST:  # it only took long to start
                rows.move(connection, run_id, RunState.RUNNING, "")
            elif run.state is not RunState.RUNNING:
                return False
            rows.change(connection, run_id, **rows.owner(worker))
            return True

    def heartbeat(self, run_id: int, worker: WorkerId, progress: Progress) -> Beat:
        """Note that the worker lives and how far it is; a lost run is found again by this."""
        with self._write() as connection:
            if not _reclaim(connection, run_id, worker):
                return Beat.GONE
            rows.change(connection, run_id, heartbeat_at=time.time(), **vars(progress))
            stop = rows.get(connection, run_id).stop_requested_at is not None
            return Beat.STOP if stop else Beat.GO_ON

    def stop_requested(self, run_id: int) -> bool:
        """Whether the run is to stop: a cheap read between heartbeats."""
        query = sa.select(runs.c.stop_requested_at).where(runs.c.id == run_id)
        with self._read() as connection:
            return connection.scalar(query) is not None

    def record_epoch(self, run_id: int, epoch: int, **splits: dict[str, float]) -> None:
        """Append an epoch's numbers: `train={"elbo": ...}, validation={...}`, nats per image."""
        with self._write() as connection:
            curves.write_metrics(connection, run_id, epoch, splits)

    def add_image(self, run_id: int, epoch: int, kind: str, png: bytes) -> None:
        """Keep one picture of an epoch, replacing an earlier one."""
        with self._write() as connection:
            curves.write_image(connection, run_id, epoch, kind, png)

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        connection = self._engine.connect().execution_options(writes=True)
        with connection, connection.begin():
            yield connection


def _reclaim(connection: sa.Connection, run_id: int, worker: WorkerId) -> bool:
    """Whether the run is the worker's; one that was taken for lost is running again by this."""
    if not rows.exists(connection, run_id):
        return False
    run = rows.get(connection, run_id)
    if run.worker is None or not run.worker.is_same(worker):
        return False
    if run.state is RunState.LOST:
        rows.move(connection, run_id, RunState.RUNNING, "", finished_at=None)
        return True
    return run.state is RunState.RUNNING
