"""What the run database knows of runs that a cluster was given and has not begun yet."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from vaelab.runs import rows
from vaelab.runs.database import Database
from vaelab.runs.record import Run
from vaelab.runs.states import RunState


def new_job(run_id: int) -> str:
    """A name for another attempt at a run; several databases may share a cluster."""
    return f"vaelab-{run_id}-{secrets.token_hex(4)}"


class Jobs(Database):
    """The launcher's side of the run database: each change only if no worker was faster."""

    def wait(self, seen: Run, stage: str) -> bool:
        """Note that the run's job still waits in its cluster; whether that is so."""
        with self._write() as connection:
            if not _awaits_worker(connection, seen):
                return False
            rows.change(connection, seen.id, heartbeat_at=rows.now(connection), stage=stage)
            return True

    def replace_job(self, seen: Run) -> Run | None:
        """Give a run whose job ended without having begun another one; None if it had begun."""
        with self._write() as connection:
            if not _awaits_worker(connection, seen):
                return None
            rows.change(
                connection, seen.id, heartbeat_at=rows.now(connection), job=new_job(seen.id)
            )
            return rows.get(connection, seen.id)

    def finish_unbegun(self, seen: Run, state: RunState, message: str) -> bool:
        """End or hold a run whose job has not begun; whether that was so."""
        with self._write() as connection:
            if not _awaits_worker(connection, seen):
                return False
            rows.move(connection, seen.id, state, message)
            return True


def _awaits_worker(connection: sa.Connection, seen: Run) -> bool:
    run = rows.get(connection, seen.id)
    return run.is_working and run.worker is None and run.job == seen.job
