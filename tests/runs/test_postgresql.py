"""Several machines on one PostgreSQL: claims, clocks, a line that breaks, a run from end to end."""

import logging
import threading
import time
from dataclasses import replace

import psycopg
import pytest

from tests.postgres_server import PASSWORD
from tests.runs.child_processes import run_together
from vaelab.checkpoints import read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import Progress, RunError, RunState, RunStore, Supervisor, faults, mark_lost
from vaelab.runs import job as job_module
from vaelab.runs.config import RunConfig
from vaelab.runs.opening import DatabaseAwayError
from vaelab.runs.processes import this_worker
from vaelab.runs.supervisor import reap
from vaelab.runs.worker import execute
from vaelab.training import EpochEnd, StepProgress, TrainConfig

DATABASES = ("postgresql",)


def config(name: str = "a", epochs: int = 3) -> RunConfig:
    train = TrainConfig(epochs=epochs, batch_size=256)
    return RunConfig(name, DataSpec("digits"), "vae", {"latent_dim": 2, "width": 16}, train)


CLAIMER = """
import sys
from vaelab.runs import RunStore, queue
queue.this_host = lambda: sys.argv[2]
store = RunStore(sys.argv[1])
sys.stdin.readline()  # all hosts start at once
while (run := store.claim_next(slots=5)) is not None:
    print(run.id, run.host, run.slot, flush=True)
"""


def test_hosts_fill_their_own_slots_and_never_take_the_same_run(store):
    wanted = {store.enqueue(config(f"run-{i}")) for i in range(20)}
    printed = run_together(CLAIMER, *[[store.url, f"host-{i}"] for i in range(3)])
    lines = [line for said in printed for line in said.splitlines()]
    places = {tuple(line.split(maxsplit=1)[1].split()) for line in lines}
    assert len(lines) == len(places) == 15
    taken = {int(line.split()[0]) for line in lines}
    assert len(taken) == 15
    assert {run.id for run in store.queued()} == wanted - taken


def test_the_clock_is_the_server_s(store, monkeypatch):
    elsewhere = replace(this_worker(), host="elsewhere")
    run_id = store.start_foreground(config(), elsewhere)
    truth = time.time()
    monkeypatch.setattr(time, "time", lambda: truth + 3600)  # this machine's is an hour ahead
    assert mark_lost(store) == []
    store.heartbeat(run_id, elsewhere, Progress("training", 1))
    assert abs(store.get(run_id).heartbeat_at - truth) < 600


def test_a_server_that_cannot_be_used_is_a_sentence_without_the_password(postgres, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = f"{PASSWORD}-wrong"
    with pytest.raises(DatabaseAwayError, match=r":\*\*\*@.* cannot be opened: .*auth") as one:
        RunStore(postgres.url(wrong))
    with pytest.raises(DatabaseAwayError, match='database "absent" does not exist') as two:
        RunStore(postgres.url(database="absent"))
    with pytest.raises(DatabaseAwayError, match="refused") as three:
        RunStore(postgres.url().replace(f":{postgres.port}/", ":1/"))
    for caught in (one, two, three):
        assert str(caught.value).count("\n") == 0
        assert PASSWORD not in str(caught.value)
    with pytest.raises(RunError, match="cannot be opened"):
        RunStore(postgres.url(query="connect_timeout=soon"))
    assert PASSWORD not in caplog.text


def test_a_connection_that_is_cut_is_made_anew(store, database_url):
    run_id = store.enqueue(config())
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'vaelab'"
        )
    assert store.get(run_id).state is RunState.QUEUED


def test_a_server_that_is_away_for_a_while_only_delays_a_run(store, postgres, monkeypatch, caplog):
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})
    monkeypatch.setattr(faults, "RETRY_S", 0.1)
    run_id = store.enqueue(config())
    returning = []

    def see(event):
        if isinstance(event, EpochEnd) and event.epoch == 1:
            postgres.stop()
            returning.append(threading.Timer(1.0, postgres.start))
            returning[0].start()

    assert store.claim_next() is not None
    run = execute(run_id, store, see)
    returning[0].join()
    assert run.state is RunState.DONE
    assert {metric.epoch for metric in store.metrics(run_id)} == {1, 2, 3}
    assert "the run database did not answer: connection" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_run_is_stopped_from_another_machine(store, monkeypatch, tmp_path):
    run_id = store.enqueue(config(epochs=100_000))
    other = RunStore(store.url)

    def see(event):
        if isinstance(event, StepProgress) and event.epoch == 2:
            other.request_stop(run_id)

    assert store.claim_next() is not None
    assert execute(run_id, store, see).state is RunState.STOPPED
    assert other.get(run_id).message.startswith("Stopped in epoch")
    assert other.image(run_id, 1, "samples").startswith(b"\x89PNG")
    assert other.array(run_id, 1, "map").shape[1] == 2
    other.close()


def test_a_supervisor_s_worker_trains_through_the_server(store, monkeypatch, tmp_path, eventually):
    run_id = store.enqueue(config(epochs=1))
    supervisor = Supervisor(store)
    supervisor.start()
    try:
        eventually(lambda: not store.get(run_id).is_active)
    finally:
        supervisor.stop()
        reap()
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "another home"))
    other = RunStore(store.url)  # as the pages of another machine
    run = other.get(run_id)
    assert run.state is RunState.DONE, run.message
    assert run.home is not None
    assert {metric.split for metric in other.metrics(run_id)} == {"train", "validation"}
    checkpoint = read_checkpoint(run.checkpoint)
    assert checkpoint.report is not None
    assert other.image_epochs(run_id, "samples") == [1]
    other.close()
