import sqlite3

import pytest
import sqlalchemy as sa

from vaelab.runs import RunState, RunStore
from vaelab.runs.tables import SCHEMA_VERSION, metadata, open_engine, schema

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
INSERT INTO schema VALUES (1);
INSERT INTO metrics VALUES (1, 1, 'train', 'elbo', -3.5);
"""
RUN = """
INSERT INTO runs (name, state, message, config, checkpoint, background, created_at, stage, epoch,
fraction) VALUES (?, ?, '', '{"train": {"epochs": 7}}', ?, 1, 5.0, '', 0, 0.0)
"""


@pytest.fixture
def old_url(tmp_path) -> str:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        for name, state in (("first", "done"), ("second", "queued"), ("third", "queued")):
            if name == "first":
                connection.executescript(VERSION_1)
            connection.execute(RUN, (name, state, f"/checkpoints/{name}"))
    connection.close()
    return f"sqlite:///{path}"


def test_a_database_of_version_1_keeps_its_runs_and_gets_a_queue(old_url):
    store = RunStore(old_url)
    assert [run.name for run in store.queued()] == ["second", "third"]
    first = store.get(1)
    assert (first.state, first.epochs, first.group, first.priority) == (RunState.DONE, 7, "", 0)
    assert [metric.value for metric in store.metrics(1)] == [-3.5]
    store.reorder(3, -1)
    assert [run.name for run in store.queued()] == ["third", "second"]
    store.close()


def test_an_upgraded_database_has_the_columns_of_a_new_one(old_url, store):
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

    assert columns(old_url) == columns(store.url)


def test_an_upgrade_happens_once(old_url):
    RunStore(old_url).close()
    RunStore(old_url).close()
    with sqlite3.connect(old_url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT version FROM schema").fetchall() == [(SCHEMA_VERSION,)]
    connection.close()
