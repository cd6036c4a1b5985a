import sqlite3
import threading

import psycopg
import pytest
import sqlalchemy as sa

from vaelab.runs import RunError, RunState, RunStore
from vaelab.runs.opening import open_engine
from vaelab.runs.tables import SCHEMA_VERSION, metadata, schema

DATABASES = ("sqlite", "postgresql")

# The tables as version 1 made them.
VERSION_1 = """
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, state TEXT NOT NULL,
    message TEXT NOT NULL, config JSON NOT NULL, checkpoint TEXT NOT NULL,
    background BOOLEAN NOT NULL, created_at DOUBLE NOT NULL, started_at DOUBLE,
    finished_at DOUBLE, stop_requested_at DOUBLE, heartbeat_at DOUBLE, host TEXT, pid INTEGER,
    process_started DOUBLE, stage TEXT NOT NULL, epoch INTEGER NOT NULL, fraction DOUBLE NOT NULL,
    eta_seconds DOUBLE, images_per_second DOUBLE);
CREATE INDEX ix_runs_state ON runs (state);
CREATE TABLE metrics (
    run_id INTEGER NOT NULL, epoch INTEGER NOT NULL, split TEXT NOT NULL, name TEXT NOT NULL,
    value DOUBLE, PRIMARY KEY (run_id, epoch, split, name),
    FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE);
CREATE TABLE images (
    run_id INTEGER NOT NULL, epoch INTEGER NOT NULL, kind TEXT NOT NULL, png BLOB NOT NULL,
    PRIMARY KEY (run_id, epoch, kind),
    FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE);
"""
# The rows after the tables: a run has numbers, others wait.
RUN = """
INSERT INTO runs (name, state, message, config, checkpoint, background, created_at, stage, epoch,
fraction) VALUES ('{0}', '{1}', '', '{{"train": {{"epochs": 7}}}}', '/checkpoints/{0}', TRUE, 5.0,
'', 0, 0.0);
"""
NUMBERS = """
INSERT INTO schema VALUES (1);
INSERT INTO metrics VALUES (1, 1, 'train', 'elbo', -3.5);
"""
ROWS = (("first", "done"), ("second", "queued"), ("third", "queued"))
IN_POSTGRESQL = {
    "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT": "SERIAL PRIMARY KEY",
    "DOUBLE": "DOUBLE PRECISION",
    "BLOB": "BYTEA",
}


@pytest.fixture
def old_url(database_url, tmp_path) -> str:
    """The database of the test as version 1 left it."""
    script = VERSION_1
    inserted = "".join(RUN.format(*row) for row in ROWS) + NUMBERS
    if database_url.startswith("sqlite"):
        path = tmp_path / "old.db"
        connection = sqlite3.connect(path)
        connection.executescript(script + inserted)
        connection.close()
        return f"sqlite:///{path}"
    for theirs, ours in IN_POSTGRESQL.items():
        script = script.replace(theirs, ours)
    with psycopg.connect(database_url) as connection:
        connection.execute(script + inserted)
    return database_url


def test_a_database_of_version_1_keeps_its_runs_and_gets_a_queue(old_url):
    store = RunStore(old_url)
    assert [run.name for run in store.queued()] == ["second", "third"]
    first = store.get(1)
    assert (first.state, first.epochs, first.group, first.priority) == (RunState.DONE, 7, "", 0)
    assert [metric.value for metric in store.metrics(1)] == [-3.5]
    store.reorder(3, -1)
    assert [run.name for run in store.queued()] == ["third", "second"]
    store.close()


def test_an_upgraded_database_has_the_columns_of_a_new_one(old_url, tmp_path):
    def columns(url: str) -> dict[str, set[str]]:
        engine = open_engine(url)
        inspector = sa.inspect(engine)
        found = {
            table: {column["name"] for column in inspector.get_columns(table)}
            for table in metadata.tables
        }
        with engine.connect() as connection:
            assert connection.scalar(sa.select(schema.c.version)) == SCHEMA_VERSION
        engine.dispose()
        return found

    assert columns(old_url) == columns(f"sqlite:///{tmp_path / 'new.db'}")


def test_an_upgrade_happens_once_however_many_open_it_at_the_same_moment(old_url):
    start, errors = threading.Barrier(4), []

    def open_it():
        start.wait()
        try:
            RunStore(old_url).close()
        except RunError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    engine = open_engine(old_url)
    with engine.connect() as connection:
        assert list(connection.scalars(sa.select(schema.c.version))) == [SCHEMA_VERSION]
    engine.dispose()
