"""The tables of the run database, and how it is opened."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from vaelab.runs.migrations import upgrade
from vaelab.runs.states import RunError

SCHEMA_VERSION = 3
BUSY_TIMEOUT_S = 60  # how long a writer waits for another one

metadata = sa.MetaData()

schema = sa.Table("schema", metadata, sa.Column("version", sa.Integer, nullable=False))

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sa.Column("config", sa.JSON, nullable=False),
    sa.Column("checkpoint", sa.Text, nullable=False),  # its folder
    sa.Column("background", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),  # all times: Unix seconds
    sa.Column("started_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("stop_requested_at", sa.Double),
    sa.Column("heartbeat_at", sa.Double),
    sa.Column("host", sa.Text),
    sa.Column("pid", sa.Integer),
    sa.Column("process_started", sa.Double),
    sa.Column("stage", sa.Text, nullable=False, default=""),
    sa.Column("epoch", sa.Integer, nullable=False, default=0),
    sa.Column("fraction", sa.Double, nullable=False, default=0.0),
    sa.Column("eta_seconds", sa.Double),
    sa.Column("images_per_second", sa.Double),
    sa.Column("saved_at", sa.Double),  # when the state to resume from was last written
    # The queue: highest priority first, then the lowest position.
    sa.Column("priority", sa.Integer, nullable=False, default=0),
    sa.Column("position", sa.Double, nullable=False, default=0.0),
    sa.Column("group_name", sa.Text, nullable=False, default=""),  # of a sweep; empty: none
    sa.Column("slot", sa.Text),  # of the host, while a background worker is at it
    sa.Column("job", sa.Text),  # of the cluster that was given the run; null: a process of a host
    sqlite_autoincrement=True,  # a deleted run's number is not given out again: its log has it
)

metrics = sa.Table(
    "metrics",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("split", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Double),  # null: not a finite number
)

images = sa.Table(
    "images",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("png", sa.LargeBinary, nullable=False),
)

arrays = sa.Table(
    "arrays",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("npy", sa.LargeBinary, nullable=False),
)


def open_engine(url: str) -> sa.Engine:
    """Connect to the database at `url`, making its folder and tables where absent.

    Raises:
        RunError: if the address is none, the file is no database, or a newer vaelab wrote it.
    """
    try:
        address = make_url(url)
        _make_folder(address)
        engine = sa.create_engine(address)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        raise RunError(f"VAELAB_DATABASE_URL ({url!r}) cannot be used: {error}.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    shown = address.render_as_string(hide_password=True)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            _make_tables(connection, shown)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise RunError(f"The run database {shown} cannot be opened: {error.orig}.") from error
    except RunError:
        engine.dispose()
        raise
    return engine


def _make_folder(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)


def _make_tables(connection: sa.Connection, shown: str) -> None:
    metadata.create_all(connection)
    version = connection.scalar(sa.select(schema.c.version).with_for_update())
    if version is None:
        connection.execute(schema.insert().values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise RunError(
            f"The run database {shown} was written by a newer vaelab (schema {version}, this one "
            f"knows {SCHEMA_VERSION}); update vaelab, or set VAELAB_DATABASE_URL to another one."
        )
    elif version < SCHEMA_VERSION:
        upgrade(connection, version, SCHEMA_VERSION)
        connection.execute(schema.update().values(version=SCHEMA_VERSION))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL: readers and the one writer do not block each other, within and between processes."""
    connection.isolation_level = None  # no implicit BEGIN: `_begin_sqlite` says which kind
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


def _begin_sqlite(connection: sa.Connection) -> None:
    """Writers take the lock at once: a read lock that has to grow can fail halfway."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
