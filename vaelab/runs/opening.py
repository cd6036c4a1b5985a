"""How a run database is opened: its tables made or brought up to date, its faults named."""

from __future__ import annotations

import sqlalchemy as sa

from vaelab.runs import dialects
from vaelab.runs.migrations import upgrade
from vaelab.runs.states import RunError
from vaelab.runs.tables import SCHEMA_VERSION, metadata, schema


class DatabaseAwayError(RunError):
    """The run database cannot be opened now; it may be later."""


def open_engine(url: str) -> sa.Engine:
    """Connect to the database at `url`, making its folder and tables where absent.

    Raises:
        RunError: if the address is none, its driver is missing, the file is no database, or a
            newer vaelab wrote it; `DatabaseAwayError` if a server refuses or does not answer.
    """
    address = dialects.parse_address(url)
    shown = dialects.shown(url)
    engine = dialects.DIALECTS[address.get_backend_name()].create(address)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            _make_tables(connection, shown)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        away = isinstance(error, sa.exc.OperationalError)
        kind = DatabaseAwayError if away else RunError
        text = f"The run database {shown} cannot be opened: {dialects.reason(error)}."
        raise kind(text) from error
    except RunError:
        engine.dispose()
        raise
    return engine


def _make_tables(connection: sa.Connection, shown: str) -> None:
    dialects.of(connection).exclude_others(connection, "tables")  # others start at this moment too
    metadata.create_all(connection)
    version = connection.scalar(sa.select(schema.c.version))
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
