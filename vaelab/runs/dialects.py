"""The databases that hold runs, and what differs between them; the rest of SQL they share."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from vaelab.runs import postgresql, sqlite
from vaelab.runs.states import RunError


class Dialect(Protocol):
    """What a module is to offer for its database; see `vaelab.runs.sqlite` for the simplest."""

    def create(self, address: URL, /) -> sa.Engine:
        """An engine, with what each connection needs said to it."""

    def exclude_others(self, connection: sa.Connection, purpose: str, /) -> None:
        """Let nobody else be in a writing transaction of that purpose until this one ends."""

    def now(self, connection: sa.Connection, /) -> float:
        """Unix seconds by one clock for all who use the database."""

    def is_full(self, error: sa.exc.DBAPIError, /) -> bool:
        """Whether the disk of the database is full."""


DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "postgres": postgresql,  # as hosts of databases write it
}


def of(connection: sa.Connection) -> Dialect:
    """The dialect of an open connection."""
    return DIALECTS[connection.dialect.name]


def parse_address(url: str) -> URL:
    """The parts of a database's address.

    Raises:
        RunError: if it is none, or one of a database that vaelab does not use. What was got is
            not repeated: a mistyped address may show its password anywhere.
    """
    try:
        address = make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        address = None
    # A password's @ that is not escaped leaves the rest of it in the host.
    usable = address is not None and "@" not in (address.host or "")
    if address is None or not usable or address.get_backend_name() not in DIALECTS:
        raise RunError(
            "VAELAB_DATABASE_URL must be of the form sqlite:////folder/runs.db or "
            "postgresql://user:password@host:5432/database (in the password, @ : / # ? % are "
            "written %40 %3A %2F %23 %3F %25); the one given cannot be used."
        )
    return address


def shown(url: str) -> str:
    """The address for people and logs: without its password and options."""
    address = parse_address(url)
    return address.set(query={}, host=_host(address)).render_as_string(hide_password=True)


def server_of(url: str) -> str:
    """Which database of which server it is, whoever asks; empty for a file."""
    address = parse_address(url)
    if address.get_backend_name() == "sqlite":
        return ""
    return f"{_host(address)}:{address.port or 5432}/{address.database}"


def _host(address: URL) -> str | None:
    named = address.host or address.query.get("host")
    return named if named is None or isinstance(named, str) else ",".join(named)


def reason(error: Exception) -> str:
    """What the database said, in one line: no SQL, and none of its values."""
    said = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    line = " ".join(str(said).split()) or type(said).__name__
    return line.removesuffix(".")


def is_full(error: sa.exc.DBAPIError) -> bool:
    """Whether the disk of the database is full."""
    return any(dialect.is_full(error) for dialect in DIALECTS.values())
