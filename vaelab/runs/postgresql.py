"""What is PostgreSQL's own: many writers, a clock that all machines share, a line that breaks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL

from vaelab.runs.states import RunError

WAIT_S = 60  # how long a writer waits for another one, and a lock for one that has vanished
DISK_FULL = "53100"  # the SQLSTATE of it
# How soon a cut line is noticed; each may be said otherwise in the address.
CONNECTION: dict[str, int | str] = {
    "connect_timeout": 5,  # s
    "keepalives_idle": 15,  # s
    "keepalives_interval": 5,  # s
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms
    "application_name": "vaelab",
}


def create(address: URL) -> sa.Engine:
    """An engine for the server at `address`; it connects when it is first used.

    Raises:
        RunError: if psycopg is not installed.
    """
    options = {name: value for name, value in CONNECTION.items() if name not in address.query}
    try:
        engine = sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args=options,
            pool_pre_ping=True,  # a connection that the server's restart has cut is made anew
        )
    except ImportError as error:
        raise RunError(
            "VAELAB_DATABASE_URL names a PostgreSQL database, and psycopg, which speaks to it, "
            f"cannot be imported ({error}): python -m pip install -r requirements-postgres.txt"
        ) from error
    event.listen(engine, "connect", _prepare)
    return engine


def exclude_others(connection: sa.Connection, purpose: str) -> None:
    """Let nobody else be in a transaction of that purpose until this one ends."""
    key = sa.func.hashtextextended(f"vaelab: {purpose}", 0)
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def now(connection: sa.Connection) -> float:
    """Unix seconds by the server's clock: those of the machines may differ."""
    clock = sa.func.date_part("epoch", sa.func.clock_timestamp())
    return float(connection.scalar(sa.select(clock)) or 0.0)


def is_full(error: sa.exc.DBAPIError) -> bool:
    """Whether the disk of the server is full."""
    return getattr(error.orig, "sqlstate", None) == DISK_FULL


def _prepare(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT_S}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{WAIT_S}s'")
    connection.commit()  # or the settings would be rolled back
