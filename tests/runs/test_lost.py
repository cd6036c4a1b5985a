import subprocess
import sys
from dataclasses import replace

import pytest

from vaelab.data import DataSpec
from vaelab.runs import Progress, RunState, mark_lost
from vaelab.runs.config import RunConfig
from vaelab.runs.logs import last_words, log_path
from vaelab.runs.lost import end_deaf_workers
from vaelab.runs.processes import WorkerId, this_worker, worker_id

DATABASES = ("sqlite", "postgresql")
ELSEWHERE = replace(this_worker(), host="elsewhere")


def config(name: str = "a") -> RunConfig:
    return RunConfig(name, DataSpec("digits"))


@pytest.fixture
def dead() -> WorkerId:
    child = subprocess.Popen([sys.executable, "-c", ""])
    worker = worker_id(child.pid)
    child.wait()
    assert worker is not None
    return worker


def test_a_dead_worker_of_this_host_is_lost_at_once(store, dead):
    run_id = store.start_foreground(config(), dead)
    (lost,) = mark_lost(store, older_than_s=1000)
    assert (lost.id, lost.state) == (run_id, RunState.LOST)
    assert "ended without a word" in lost.message


def test_another_app_on_this_host_leaves_the_word_to_the_one_that_started_the_worker(
    store, dead, own_home, monkeypatch
):
    store.start_foreground(config(), dead)
    monkeypatch.setenv("VAELAB_HOME", str(own_home / "another home"))
    assert mark_lost(store, older_than_s=1000) == []
    assert len(mark_lost(store, older_than_s=-1)) == 1


def test_a_live_worker_of_this_host_is_not_lost_however_silent(store):
    store.start_foreground(config(), this_worker())
    assert mark_lost(store, older_than_s=-1) == []


def test_elsewhere_the_heartbeat_decides(store):
    run_id = store.start_foreground(config(), ELSEWHERE)
    assert mark_lost(store, older_than_s=1000) == []
    store.heartbeat(run_id, ELSEWHERE, Progress("training", 1, 0.5))
    (lost,) = mark_lost(store, older_than_s=-1)
    assert "silent" in lost.message
    assert lost.progress.epoch == 1


def test_a_claimed_run_without_a_worker_is_lost_after_a_while(store):
    run_id = store.enqueue(config())
    store.claim_next()
    assert mark_lost(store, older_than_s=1000) == []
    log_path(run_id).write_text("Traceback\nImportError: no such thing\n\n")
    (lost,) = mark_lost(store, older_than_s=-1)
    assert lost.message.endswith("never started. Its last words: ImportError: no such thing")


def test_a_healthy_log_has_no_last_words():
    log_path(1).write_text("2026-01-31 10:00:00,000 epoch 1 of 2: validation loss 3\n")
    assert last_words(1) == ""
    assert last_words(2) == ""


def test_queued_and_ended_runs_are_left_alone(store, dead):
    store.enqueue(config())
    store.finish(store.start_foreground(config("b"), dead), RunState.DONE)
    assert mark_lost(store, older_than_s=-1) == []


def test_a_worker_that_does_not_stop_is_ended(store):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    worker = worker_id(child.pid)
    assert worker is not None
    run_id = store.enqueue(config())
    store.claim_next()
    assert store.attach(run_id, worker)
    assert end_deaf_workers(store, grace_s=-1) == []
    store.request_stop(run_id)
    assert end_deaf_workers(store, grace_s=1000) == []
    (ended,) = end_deaf_workers(store, grace_s=-1)
    assert ended.state is RunState.STOPPED
    assert child.wait() != 0
