"""The queue: runs come in, are put in order, claimed, paused, resumed and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vaelab.runs import rows
from vaelab.runs.database import Database
from vaelab.runs.jobs import new_job
from vaelab.runs.logs import home_id
from vaelab.runs.processes import WorkerId, this_host
from vaelab.runs.record import Run
from vaelab.runs.slots import slot_names
from vaelab.runs.states import WORKING, RunError, RunState
from vaelab.runs.tables import runs

if TYPE_CHECKING:  # imports torch, which the worker must not wait for before it reports
    from vaelab.runs.config import RunConfig

NEXT = (runs.c.priority.desc(), runs.c.position, runs.c.id)  # the order in which runs start


class Queue(Database):
    """What people and supervisors ask of the run database."""

    def queued(self) -> list[Run]:
        """The runs that wait, in the order in which they will start."""
        with self._read() as connection:
            return _queued(connection)

    def enqueue(self, config: RunConfig, *, priority: int = 0, group: str = "") -> int:
        """Put a run at the end of its priority's queue; its number.

        Raises:
            RunError: if an unfinished run writes the same checkpoint folder.
        """
        with self._write() as connection:
            run_id = rows.insert(connection, config, RunState.QUEUED, background=True)
            position = _end_of_queue(connection)
            rows.change(connection, run_id, priority=priority, position=position, group_name=group)
            return run_id

    def start_foreground(self, config: RunConfig, worker: WorkerId) -> int:
        """Record a run that the asking process trains itself; its number.

        Raises:
            RunError: if an unfinished run writes the same checkpoint folder.
        """
        with self._write() as connection:
            run_id = rows.insert(connection, config, RunState.RUNNING, background=False)
            rows.change(connection, run_id, **rows.owner(worker), heartbeat_at=rows.now(connection))
            return run_id

    def claim_next(
        self, slots: int | Sequence[str] = 1, *, for_cluster: bool = False
    ) -> Run | None:
        """Take the next queued run for a free slot; None if there is none.

        A run that has saved a state goes on only where that state lies.

        Args:
            slots: their names, or how many there are. A foreground run takes one as well.
            for_cluster: the slots are those of all jobs of a cluster, not of this host, and
                the run gets the name of a job that no attempt at any run had before.
        """
        names = slot_names(slots) if isinstance(slots, int) else slots
        ours: sa.ColumnElement[bool] = runs.c.job.is_not(None)
        if not for_cluster:
            ours = sa.and_(runs.c.host == this_host(), runs.c.job.is_(None))
        at_work = runs.c.state.in_([str(s) for s in WORKING])
        working = sa.select(runs.c.slot).where(at_work, ours)
        home = home_id()
        here = runs.c.saved_at.is_(None) | runs.c.home.is_(None) | (runs.c.home == home)
        waiting = (
            sa.select(runs).where(runs.c.state == RunState.QUEUED, here).order_by(*NEXT).limit(1)
        )
        with self._write() as connection:
            whose = "a cluster" if for_cluster else this_host()
            rows.exclude_others(connection, f"claims of {whose}")
            taken = list(connection.scalars(working))
            free = [name for name in names if name not in taken]
            if len(taken) >= len(names) or not free:
                return None
            # What another host is about to claim at this moment is passed over.
            query = waiting.with_for_update(skip_locked=True)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            run_id, now = int(row["id"]), rows.now(connection)
            values = {
                "host": None if for_cluster else this_host(),
                "job": new_job(run_id) if for_cluster else None,
                "home": home,
                "slot": free[0],
                "heartbeat_at": now,
                "started_at": row["started_at"] or now,
            }
            rows.move(connection, run_id, RunState.RUNNING, "", **values)
            return rows.get(connection, run_id)

    def reorder(self, run_id: int, places: int) -> None:
        """Let a queued run start earlier (`places` below 0) or later by so many places.

        Raises:
            RunError: if the run does not wait in the queue.
        """
        with self._write() as connection:
            rows.exclude_others(connection, "order of the queue")
            waiting = _queued(connection)
            old = next((i for i, run in enumerate(waiting) if run.id == run_id), None)
            if old is None:
                state = rows.get(connection, run_id).state
                raise RunError(f"Run {run_id} is {state}: it does not wait in the queue.")
            new = min(max(old + places, 0), len(waiting) - 1)
            order = [run.id for run in waiting]
            order.insert(new, order.pop(old))
            # The places stay what they are, with their priorities; the runs change places.
            for moved, place in zip(order, waiting, strict=True):
                if moved != place.id:
                    rows.change(connection, moved, priority=place.priority, position=place.position)

    def request_stop(self, run_id: int) -> Run:
        """Ask a run to stop; one without a process is stopped at once. RunError if it has ended."""
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.state is RunState.QUEUED and run.progress.saved_at is None:
                rows.move(connection, run_id, RunState.STOPPED, "Stopped before it started.")
            elif run.state in (RunState.QUEUED, RunState.PAUSED):
                message = f"Stopped in epoch {run.progress.epoch} of {run.epochs} while it waited."
                rows.move(connection, run_id, RunState.STOPPED, message)
            elif run.is_working:
                if run.stop_requested_at is None:
                    rows.change(connection, run_id, stop_requested_at=rows.now(connection))
            else:
                raise RunError(f"Run {run_id} is {run.state}: there is nothing to stop.")
            return rows.get(connection, run_id)

    def request_pause(self, run_id: int) -> Run:
        """Ask a run to pause; one in the queue is held at once.

        Raises:
            RunError: if the run has ended, pauses already, or is somebody's own process.
        """
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.state is RunState.QUEUED:
                rows.move(connection, run_id, RunState.PAUSED, "Held before it started.")
            elif run.state is RunState.RUNNING:
                rows.move(connection, run_id, RunState.PAUSING, "")
            else:
                raise RunError(f"Run {run_id} is {run.state}: there is nothing to pause.")
            return rows.get(connection, run_id)

    def resume(self, run_id: int) -> Run:
        """Put a paused, lost, failed or stopped run at the head of its priority's queue.

        Its worker goes on from the state that was saved last, or begins anew if there is none.

        Raises:
            RunError: if the run is in another state, or another unfinished run writes its
                checkpoint by now.
        """
        with self._write() as connection:
            _queue_again(connection, run_id)
            return rows.get(connection, run_id)

    def resume_here(self, run_id: int, worker: WorkerId) -> None:
        """Let a run that `resume` would put in the queue go on in the asking process.

        Raises:
            RunError: as `resume`.
        """
        with self._write() as connection:
            _queue_again(connection, run_id)
            owned = {**rows.owner(worker), "heartbeat_at": rows.now(connection)}
            rows.move(connection, run_id, RunState.RUNNING, "", **owned, background=False)


def _queued(connection: sa.Connection) -> list[Run]:
    query = sa.select(runs).where(runs.c.state == RunState.QUEUED).order_by(*NEXT)
    if connection.get_execution_options().get("writes"):
        query = query.with_for_update()  # none of them starts before they are in order
    return [Run.from_row(row) for row in connection.execute(query).mappings()]


def _queue_again(connection: sa.Connection, run_id: int) -> None:
    """Put an ended run at the head of its priority's queue."""
    run = rows.get(connection, run_id)
    rows.require_own_checkpoint(connection, run.checkpoint, but=run_id)
    first = sa.select(sa.func.min(runs.c.position)).where(
        runs.c.state == RunState.QUEUED, runs.c.priority == run.priority
    )
    head = connection.scalar(first)
    nobody = dict.fromkeys(("host", "pid", "process_started", "slot", "heartbeat_at"))
    rows.move(
        connection,
        run_id,
        RunState.QUEUED,
        "",
        **nobody,
        stop_requested_at=None,
        finished_at=None,
        eta_seconds=None,
        images_per_second=None,
        background=True,
        position=run.position if head is None else head - 1,
    )


def _end_of_queue(connection: sa.Connection) -> float:
    return float(connection.scalar(sa.select(sa.func.max(runs.c.position))) or 0.0) + 1
