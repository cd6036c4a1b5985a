"""Rows of the table of runs, read and changed inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from vaelab.runs import dialects
from vaelab.runs.logs import home_id
from vaelab.runs.processes import WorkerId
from vaelab.runs.record import Run
from vaelab.runs.states import (
    UNFINISHED,
    WORKING,
    RunError,
    RunState,
    check_transition,
)
from vaelab.runs.tables import runs

if TYPE_CHECKING:  # imports torch, which a worker must not wait for before it reports
    from vaelab.runs.config import RunConfig


def owner(worker: WorkerId) -> dict[str, Any]:
    """The columns that say which process works on a run, and where it keeps its files."""
    where = {"host": worker.host, "home": home_id()}
    return {**where, "pid": worker.pid, "process_started": worker.started}


def now(connection: sa.Connection) -> float:
    """Unix seconds by the clock that dates the runs."""
    return dialects.of(connection).now(connection)


def exclude_others(connection: sa.Connection, purpose: str) -> None:
    """Let nobody else be in a writing transaction of that purpose until this one ends."""
    dialects.of(connection).exclude_others(connection, purpose)


def find(connection: sa.Connection, run_id: int) -> Run | None:
    """That run, or None; within a writing transaction nobody else changes it until that ends."""
    query = sa.select(runs).where(runs.c.id == run_id)
    if connection.get_execution_options().get("writes"):
        query = query.with_for_update()  # SQLite has locked the whole database by now
    row = connection.execute(query).mappings().first()
    return None if row is None else Run.from_row(row)


def get(connection: sa.Connection, run_id: int) -> Run:
    """That run, as `find` does; RunError if there is none."""
    run = find(connection, run_id)
    if run is None:
        raise RunError(f"There is no run {run_id}.")
    return run


def change(connection: sa.Connection, run_id: int, **values: Any) -> None:
    """Set columns other than the state."""
    connection.execute(runs.update().where(runs.c.id == run_id).values(**values))


def move(connection: sa.Connection, run_id: int, to: RunState, message: str, **values: Any) -> None:
    """Change the state, if the table allows it and nobody was faster."""
    current = get(connection, run_id).state
    check_transition(current, to)
    if to not in UNFINISHED:
        values = {"finished_at": now(connection), **values}
    if to not in WORKING:
        values = {"slot": None, **values}
    changed = connection.execute(
        runs.update()
        .where(runs.c.id == run_id, runs.c.state == current)
        .values(state=to, message=_storable(message), **values)
    )
    if changed.rowcount != 1:
        raise RunError(f"Run {run_id} was changed by another process at the same moment.")


def _storable(text: str) -> str:
    """Without what a database refuses: a damaged log's last words may hold anything."""
    return text.encode(errors="replace").decode().replace("\0", "")


def require_own_checkpoint(
    connection: sa.Connection, checkpoint: str, but: int | None = None
) -> None:
    """Raise RunError if an unfinished run, other than `but`, writes that checkpoint folder."""
    exclude_others(connection, "names of checkpoints")
    same = sa.select(runs.c.id).where(
        runs.c.checkpoint == checkpoint, runs.c.state.in_([str(s) for s in UNFINISHED])
    )
    if but is not None:
        same = same.where(runs.c.id != but)
    taken = connection.scalar(same)
    if taken is not None:
        raise RunError(
            f"Run {taken} is unfinished and writes the same checkpoint, {checkpoint}; "
            "give this one another name."
        )


def insert(
    connection: sa.Connection, config: RunConfig, state: RunState, *, background: bool
) -> int:
    """Add a run; its number.

    Raises:
        RunError: if an unfinished run writes the same checkpoint folder.
    """
    checkpoint = str(config.checkpoint_folder)
    require_own_checkpoint(connection, checkpoint)
    created = now(connection)
    run_id = connection.scalar(
        runs.insert()
        .values(
            name=config.name,
            state=state,
            config=config.to_dict(),
            checkpoint=checkpoint,
            background=background,
            created_at=created,
            started_at=None if state is RunState.QUEUED else created,
        )
        .returning(runs.c.id)
    )
    return int(run_id or 0)
