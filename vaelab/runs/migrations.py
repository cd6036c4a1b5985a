"""How a run database of an earlier vaelab becomes one of this one, in place."""

from __future__ import annotations

import sqlalchemy as sa

# Version -> the statements that lead to it from the one before. SQL that SQLite and PostgreSQL
# both know; written out, so that what a version was does not change with today's tables.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    2: (
        "ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE runs ADD COLUMN position DOUBLE PRECISION NOT NULL DEFAULT 0",
        "ALTER TABLE runs ADD COLUMN group_name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN slot TEXT",
        "ALTER TABLE runs ADD COLUMN saved_at DOUBLE PRECISION",
        "UPDATE runs SET position = id",
    ),
    3: ("ALTER TABLE runs ADD COLUMN home TEXT", "ALTER TABLE runs ADD COLUMN job TEXT"),
}


def upgrade(connection: sa.Connection, version: int, to: int) -> None:
    """Take the tables from `version` to `to` inside the caller's transaction.

    Tables that are new are made by `create_all` beforehand; here are changes of old ones.
    """
    for step in range(version + 1, to + 1):
        for statement in MIGRATIONS[step]:
            connection.exec_driver_sql(statement)
