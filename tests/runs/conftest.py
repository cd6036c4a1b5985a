"""A run database and folders of each test's own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.homes import settle_home
from vaelab import settings
from vaelab.runs import RunStore

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that vaelab keeps goes below `tmp_path`."""
    settle_home(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of this session; where there is none, the test is left out, but not in CI."""
    try:
        from tests.postgres_server import PostgresMissingError, PostgresServer
    except ImportError as error:
        _leave_out(f"{error}: pip install -r requirements-dev.txt")
    try:
        server = PostgresServer()
    except PostgresMissingError as error:
        _leave_out(str(error))
    yield server
    server.remove()


def _leave_out(why: str) -> None:
    sentence = f"PostgreSQL is not tested: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without any tables: SQLite, and PostgreSQL where a test asks for both."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("postgres").fresh_url()
        monkeypatch.setenv("VAELAB_DATABASE_URL", url)
    return settings.database_url()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that says `DATABASES = ("sqlite", "postgresql")` is run on each of them."""
    if "database_url" in metafunc.fixturenames and hasattr(metafunc.module, "DATABASES"):
        metafunc.parametrize("database_url", metafunc.module.DATABASES, indirect=True)


@pytest.fixture
def store(database_url: str) -> Iterator[RunStore]:
    store = RunStore(database_url)
    yield store
    store.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is so; the limit is only there to end a test that failed."""

    def wait(condition: Callable[[], bool], limit_s: float = 120.0) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.05)

    return wait
