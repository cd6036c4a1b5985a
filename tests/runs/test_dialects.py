"""Addresses of run databases: what is accepted, what is shown, and what is never shown."""

import sys

import pytest

from vaelab.runs import RunError, RunStore
from vaelab.runs.dialects import parse_address, shown
from vaelab.runs.logs import runs_folder

SECRET = "hunter2"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@db.example:5433/vaelab",
        f"postgres://ann:{SECRET}@db.example:5433/vaelab",
        f"postgresql+psycopg://ann:{SECRET}@db.example:5433/vaelab?password={SECRET}",
        f"postgresql://ann:{SECRET}@:5433/vaelab?host=db.example&sslmode=require",
    ],
)
def test_an_address_is_shown_without_its_password(url):
    assert parse_address(url).port == 5433
    assert shown(url).endswith("://ann:***@db.example:5433/vaelab")


def test_a_file_is_shown_as_it_is():
    assert shown("sqlite:////folder/runs.db") == "sqlite:////folder/runs.db"


@pytest.mark.parametrize(
    "url",
    [
        SECRET,
        f"postgresql:/ann:{SECRET}@db/vaelab",
        f"postgresql://ann:p@{SECRET}@db/vaelab",
        f"postgresql://ann@db:{SECRET}/vaelab",
        f"mysql://ann:{SECRET}@db/vaelab",
    ],
)
def test_an_address_that_cannot_be_used_is_a_sentence_that_does_not_repeat_it(url):
    with pytest.raises(RunError, match="VAELAB_DATABASE_URL must be of the form") as caught:
        RunStore(url)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None  # a traceback would show the address's parts


def test_without_psycopg_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RunError, match=r"pip install -r requirements-postgres\.txt") as caught:
        RunStore(f"postgresql://ann:{SECRET}@db/vaelab")
    assert SECRET not in str(caught.value)


def test_each_database_on_a_server_has_a_folder_of_its_own_for_logs_and_states(monkeypatch):
    def folder(url: str) -> str:
        monkeypatch.setenv("VAELAB_DATABASE_URL", url)
        return runs_folder().name

    assert folder("") == folder("sqlite:////elsewhere/runs.db") == "runs"
    one = folder("postgresql://ann:old@db:5432/vaelab")
    assert one.startswith("runs-")
    assert folder("postgresql://bob:new@db:5432/vaelab?sslmode=require") == one
    assert folder("postgresql://ann:old@db:5432/other") != one
    assert folder("postgresql://ann:old@/vaelab?host=/run/a") != folder(
        "postgresql://ann:old@/vaelab?host=/run/b"
    )
