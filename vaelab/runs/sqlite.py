"""What is SQLite's own: one file, one writer at a time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL

BUSY_TIMEOUT_S = 60  # how long a writer waits for another one


def create(address: URL) -> sa.Engine:
    """An engine for the file at `address`, whose folder is made."""
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def exclude_others(_connection: sa.Connection, _purpose: str) -> None:
    """Nothing to do: a transaction that writes has the database for itself."""


def now(_connection: sa.Connection) -> float:
    """Unix seconds; whoever opens the file has this clock."""
    return time.time()


def is_full(error: sa.exc.DBAPIError) -> bool:
    """Whether the disk of the database is full."""
    return "is full" in str(error.orig)


def _prepare(connection: Any, _record: object) -> None:
    """WAL: readers and the one writer do not block each other, within and between processes."""
    connection.isolation_level = None  # no implicit BEGIN: `_begin` says which kind
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    # Switching to WAL needs the file alone and does not heed busy_timeout.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except connection.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: sa.Connection) -> None:
    """Writers take the lock at once: a read lock that has to grow can fail halfway."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
