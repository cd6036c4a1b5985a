"""The connection to a run database: what reads and what writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from vaelab import settings
from vaelab.runs import dialects, rows
from vaelab.runs.opening import open_engine


class Database:
    """An open run database; its parts are in `queue`, `reports` and `store`.

    Args:
        url: SQLAlchemy address; `settings.database_url()` without.

    Attributes:
        url: the address with everything that opens it, a password too.
        shown: the address for people and logs.

    Raises:
        RunError: if the database cannot be opened or is too new.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = url or settings.database_url()
        self.shown = dialects.shown(self.url)
        self._engine = open_engine(self.url)

    def now(self) -> float:
        """Unix seconds by the clock that dates the runs."""
        with self._read() as connection:
            return rows.now(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        """One transaction; on SQLite it has the database for itself from its first line."""
        connection = self._engine.connect().execution_options(writes=True)
        with connection, connection.begin():
            yield connection
