"""Real worker processes: slow, so each test follows one story to its end."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import RunState, RunStore, Supervisor, mark_lost, tail
from vaelab.runs.children import reap
from vaelab.runs.config import RunConfig
from vaelab.runs.launchers.local import launch
from vaelab.runs.processes import Liveness, kill, liveness
from vaelab.training import TrainConfig


def config(name: str, epochs: int) -> RunConfig:
    model = {"latent_dim": 2, "width": 16}
    return RunConfig(name, DataSpec("digits"), "vae", model, TrainConfig(epochs=epochs))


@contextmanager
def supervised(store: RunStore) -> Iterator[Supervisor]:
    supervisor = Supervisor(store)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


@pytest.fixture(autouse=True)
def no_worker_left(store) -> Iterator[None]:
    yield
    for run in store.list_runs():
        if run.worker is not None and run.is_active:
            kill(run.worker)
            psutil.wait_procs([psutil.Process(run.worker.pid)], timeout=10)
    reap()


def in_state(store: RunStore, run_id: int, state: RunState) -> bool:
    return store.get(run_id).state is state


def test_the_queue_is_worked_off_in_order(store, eventually):
    first, second = store.enqueue(config("a", 1)), store.enqueue(config("b", 1))
    with supervised(store) as supervisor:
        eventually(lambda: in_state(store, second, RunState.DONE))
        assert supervisor.is_running
    one, two = store.get(first), store.get(second)
    assert one.state is RunState.DONE
    assert one.background
    assert one.finished_at <= two.started_at
    assert read_checkpoint(one.checkpoint).report is not None
    assert any("epoch 1 of 1: validation" in line for line in tail(first))


def test_a_worker_outlives_its_supervisor_and_its_death_is_noticed(store, eventually):
    run_id = store.enqueue(config("a", 100_000))
    with supervised(store):
        eventually(lambda: store.metrics(run_id) != [])
    worker = store.get(run_id).worker
    assert worker is not None
    assert os.getsid(worker.pid) == worker.pid

    after_restart = RunStore(store.url)
    with supervised(after_restart):
        seen = store.get(run_id).progress.epoch
        eventually(lambda: store.get(run_id).progress.epoch > seen)
        assert store.get(run_id).worker == worker
        eventually(Path(store.get(run_id).checkpoint).is_dir)
        os.kill(worker.pid, signal.SIGKILL)
        eventually(lambda: in_state(store, run_id, RunState.LOST))
    after_restart.close()
    assert store.get(run_id).message.startswith("The worker process was killed (SIGKILL)")
    checkpoint = read_checkpoint(store.get(run_id).checkpoint)
    assert 1 <= checkpoint.epoch < 100_000
    load_model(checkpoint)


def test_a_dead_worker_is_noticed_without_any_supervisor(store, eventually):
    run_id = store.enqueue(config("a", 100_000))
    claimed = store.claim_next()
    assert claimed is not None
    launch(store, claimed)
    worker = store.get(run_id).worker
    assert worker is not None
    os.kill(worker.pid, signal.SIGKILL)
    eventually(lambda: liveness(worker) is Liveness.DEAD)
    assert [run.id for run in mark_lost(store)] == [run_id]


def test_a_worker_stops_when_it_is_asked_to(store, eventually):
    run_id = store.enqueue(config("a", 100_000))
    with supervised(store):
        eventually(lambda: store.metrics(run_id) != [])
        store.request_stop(run_id)
        eventually(lambda: in_state(store, run_id, RunState.STOPPED))
    assert read_checkpoint(store.get(run_id).checkpoint).epoch >= 1


def test_a_worker_that_cannot_be_imported_is_lost_with_the_reason(
    store, tmp_path, monkeypatch, eventually
):
    (tmp_path / "sqlalchemy.py").write_text("raise ImportError('this is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run_id = store.enqueue(config("a", 1))
    with supervised(store):
        eventually(lambda: in_state(store, run_id, RunState.LOST))
    assert store.get(run_id).message.endswith("ImportError: this is broken")


def test_a_worker_that_cannot_be_started_fails_its_run(store, monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    run_id = store.enqueue(config("a", 1))
    Supervisor(store).tick()
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.startswith("The worker could not be started")


def test_slots_must_be_positive(store):
    with pytest.raises(ValueError, match="slots must be at least 1, got 0"):
        Supervisor(store, slots=0)
