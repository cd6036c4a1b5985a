"""What ends a run from outside: each is a named state, a sentence, and no lost checkpoint."""

import errno
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
import torch
from sqlalchemy.exc import OperationalError

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import RunState, RunStore, children, faults, sqlite
from vaelab.runs import job as job_module
from vaelab.runs.config import RunConfig
from vaelab.runs.logs import has_state
from vaelab.runs.lost import mark_lost
from vaelab.runs.processes import WorkerId, worker_id
from vaelab.runs.saved_state import load_state
from vaelab.runs.worker import execute
from vaelab.training import EpochEnd, TrainConfig


@pytest.fixture(autouse=True)
def no_graphs(monkeypatch):
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})


def config(width: int = 16, epochs: int = 3) -> RunConfig:
    train = TrainConfig(epochs=epochs, batch_size=256)
    return RunConfig("a", DataSpec("digits"), "vae", {"latent_dim": 2, "width": width}, train)


def work(store, run_id, on_event=lambda _event: None):
    assert store.claim_next() is not None
    return execute(run_id, store, on_event)


def test_a_full_disk_fails_the_run_with_a_sentence_and_it_goes_on_when_there_is_space(
    store, monkeypatch
):
    """No file may grow beyond 2 MB: the database fits, the state of a wide network does not."""
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "0")
    monkeypatch.setattr("vaelab.runs.saved_state.SHARE", 1e9)
    run_id = store.enqueue(config(width=256))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill_the_disk(event):
        if isinstance(event, EpochEnd) and event.epoch == 1:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))

    try:
        with pytest.raises(OSError) as caught:  # noqa: PT011
            work(store, run_id, fill_the_disk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.startswith("The disk is full: free some space")
    saved = load_state(run_id)
    assert saved is not None
    assert saved.place.epoch == 1
    checkpoint = read_checkpoint(run.checkpoint)
    assert checkpoint.epoch == 1
    load_model(checkpoint)
    store.resume(run_id)
    assert work(store, run_id).state is RunState.DONE


def lock(store, seconds: float) -> threading.Thread:
    """Keep the database to itself for a while."""
    path = store.url.removeprefix("sqlite:///")
    taken = threading.Event()

    def hold():
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        taken.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(60)
    return thread


def test_a_locked_database_only_delays_a_run(monkeypatch, own_home):
    """Here the busy timeout is 0.1 s, so that the worker meets the lock many times."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(faults, "RETRY_S", 0.05)
    store = RunStore()
    run_id = store.enqueue(config())
    locks = []

    def see(event):
        if isinstance(event, EpochEnd) and event.epoch == 1:
            locks.append(lock(store, 1.5))

    run = work(store, run_id, see)
    locks[0].join()
    store.close()
    assert run.state is RunState.DONE
    assert {metric.epoch for metric in store.metrics(run_id)} == {1, 2, 3}


def test_patience_has_an_end_and_a_full_disk_none_at_all(monkeypatch):
    monkeypatch.setattr(faults, "RETRY_S", 0.0)
    told = []

    def failing(text):
        def work():
            raise OperationalError("UPDATE", {}, sqlite3.OperationalError(text))

        return work

    with pytest.raises(OperationalError):
        faults.patiently(failing("database is locked"), told.append, patience_s=0.02)
    assert told
    told.clear()
    with pytest.raises(OperationalError) as caught:
        faults.patiently(failing("database or disk is full"), told.append)
    assert not told
    assert faults.sentence(caught.value).startswith("The disk is full")
    with pytest.raises(OperationalError):
        faults.patiently(
            failing("database or disk is full"),
            told.append,
            patience_s=0.02,
            through_full_disk=True,
        )
    assert told


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB"),
    ],
)
def test_memory_that_ran_out_is_a_sentence(error):
    assert faults.sentence(error).startswith("Memory ran out; smaller batches")


def test_other_errors_keep_their_name_and_ours_are_sentences():
    assert faults.sentence(KeyError("x")) == "KeyError: 'x'"
    assert faults.sentence(ValueError("the data is gone.")) == "The data is gone."


def ended_by(number: signal.Signals) -> WorkerId:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    worker = worker_id(child.pid)
    assert worker is not None
    children.adopt(child)
    child.send_signal(number)
    while child.poll() is None:
        time.sleep(0.01)
    return worker


@pytest.mark.parametrize(
    ("kills", "sentence"),
    [
        ([7, 8], "was killed by the system because memory ran out; smaller batches"),
        ([7, 7], r"was killed \(SIGKILL\), by the system if memory ran out, or by somebody"),
        ([None, None], r"was killed \(SIGKILL\), by the system"),
    ],
)
def test_a_killed_worker_is_lost_with_the_likely_reason(store, monkeypatch, kills, sentence):
    counts = iter(kills)
    monkeypatch.setattr(children, "oom_kills", lambda: next(counts))
    run_id = store.enqueue(config())
    assert store.claim_next() is not None
    assert store.attach(run_id, ended_by(signal.SIGKILL))
    (lost,) = mark_lost(store)
    assert lost.state is RunState.LOST
    assert not has_state(run_id)
    assert "resumed" not in lost.message
    assert re.search(sentence, lost.message)


def test_other_ends_are_named_too(store):
    run_id = store.enqueue(config())
    store.claim_next()
    store.attach(run_id, ended_by(signal.SIGTERM))
    (lost,) = mark_lost(store)
    assert "was ended by the signal SIGTERM" in lost.message


def test_this_machine_s_count_of_processes_killed_for_memory():
    assert faults.oom_kills() is None or faults.oom_kills() >= 0
