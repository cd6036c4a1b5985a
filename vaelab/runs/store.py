"""The run database: every change of state is one transaction, checked against the table."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from vaelab.runs import curves, rows
from vaelab.runs.jobs import Jobs
from vaelab.runs.logs import remove_files
from vaelab.runs.queue import Queue
from vaelab.runs.record import Metric, Run
from vaelab.runs.reports import Reports
from vaelab.runs.states import UNFINISHED, RunError, RunState
from vaelab.runs.tables import runs


class RunStore(Queue, Reports, Jobs):
    """The runs of one database; use one store a process, from any of its threads.

    Args:
        url: SQLAlchemy address; `settings.database_url()` without.

    Raises:
        RunError: if the database cannot be opened or is too new.
    """

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

    def array(self, run_id: int, epoch: int, name: str) -> np.ndarray | None:
        """An epoch's array (map, rates, labels), or None."""
        with self._read() as connection:
            return curves.read_array(connection, run_id, epoch, name)

    def delete(self, run_id: int) -> None:
        """Forget a run that has ended, with its curves, pictures, log and saved state.

        The checkpoint folder stays. RunError if the run is unfinished.
        """
        with self._write() as connection:
            run = rows.get(connection, run_id)
            if run.state in UNFINISHED:
                raise RunError(f"Run {run_id} is {run.state}; stop it before deleting it.")
            connection.execute(runs.delete().where(runs.c.id == run_id))
        remove_files(run_id)
