import threading
from dataclasses import replace

import pytest

from tests.runs.child_processes import run_together
from vaelab.data import DataSpec
from vaelab.runs import Beat, Progress, RunError, RunState
from vaelab.runs.config import RunConfig
from vaelab.runs.processes import this_worker

DATABASES = ("sqlite", "postgresql")
ME = this_worker()
OTHER = replace(ME, pid=ME.pid + 1)
SAVED = Progress("training", 3, 0.25, 12.5, 1000.0, saved_at=1.0)


def config(name: str = "a") -> RunConfig:
    return RunConfig(name, DataSpec("digits"))


def order(store) -> str:
    return " ".join(run.name for run in store.queued())


def claimed(store) -> int:
    run = store.claim_next(slots=1000)
    assert run is not None
    assert store.attach(run.id, ME)
    return run.id


def test_the_queue_is_as_it_came_until_it_is_put_in_another_order(store):
    ids = {name: store.enqueue(config(name)) for name in "abcd"}
    assert order(store) == "a b c d"
    store.reorder(ids["c"], -1)
    assert order(store) == "a c b d"
    store.reorder(ids["a"], 2)
    assert order(store) == "c b a d"
    store.reorder(ids["d"], -1000)
    assert order(store) == "d c b a"
    store.reorder(ids["d"], -1)
    assert order(store) == "d c b a"
    store.enqueue(config("e"))
    assert order(store) == "d c b a e"
    assert claimed(store) == ids["d"]
    with pytest.raises(RunError, match="does not wait in the queue"):
        store.reorder(ids["d"], 1)


def test_a_higher_priority_goes_first_and_changes_with_the_place(store):
    low, high = store.enqueue(config("low")), store.enqueue(config("high"), priority=5)
    store.enqueue(config("higher"), priority=6)
    assert order(store) == "higher high low"
    store.reorder(low, -1)
    assert order(store) == "higher low high"
    assert (store.get(low).priority, store.get(high).priority) == (5, 0)


def test_a_running_run_pauses_and_goes_on_at_the_head_of_the_queue(store):
    run_id = store.enqueue(config("a"))
    assert claimed(store) == run_id
    store.enqueue(config("b"))
    assert store.heartbeat(run_id, ME, SAVED) is Beat.GO_ON
    assert store.request_pause(run_id).state is RunState.PAUSING
    assert store.requested(run_id) is Beat.PAUSE
    assert store.heartbeat(run_id, ME, SAVED) is Beat.PAUSE
    with pytest.raises(RunError, match="nothing to pause"):
        store.request_pause(run_id)
    store.finish(run_id, RunState.PAUSED, "Paused in epoch 3.", ME, SAVED)
    run = store.get(run_id)
    assert (run.state, run.finished_at, run.slot) == (RunState.PAUSED, None, None)

    store.resume(run_id)
    assert order(store) == "a b"
    run = store.get(run_id)
    assert (run.state, run.worker, run.host) == (RunState.QUEUED, None, None)
    assert run.progress.saved_at == SAVED.saved_at
    assert claimed(store) == run_id
    assert store.heartbeat(run_id, ME, SAVED) is Beat.GO_ON


def test_a_run_in_the_queue_is_held_and_let_go(store):
    run_id = store.enqueue(config())
    assert store.request_pause(run_id).state is RunState.PAUSED
    assert store.claim_next() is None
    assert store.resume(run_id).state is RunState.QUEUED
    assert claimed(store) == run_id


def test_a_stop_comes_before_a_pause(store):
    run_id = store.enqueue(config())
    claimed(store)
    store.request_pause(run_id)
    store.request_stop(run_id)
    assert store.requested(run_id) is Beat.STOP
    store.finish(run_id, RunState.STOPPED, worker=ME)


def test_a_paused_run_is_stopped_at_once_and_a_stopped_one_resumed(store):
    run_id = store.enqueue(config())
    claimed(store)
    store.finish(run_id, RunState.PAUSED, worker=ME, progress=SAVED)
    run = store.request_stop(run_id)
    assert (run.state, run.message) == (
        RunState.STOPPED,
        f"Stopped in epoch 3 of {config().train.epochs} while it waited.",
    )
    assert store.resume(run_id).finished_at is None


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.LOST, RunState.STOPPED])
def test_what_ended_too_early_can_be_resumed_while_its_name_is_free(store, state):
    run_id = store.enqueue(config())
    claimed(store)
    store.finish(run_id, state, "x", ME)
    rival = store.enqueue(config())
    with pytest.raises(RunError, match=f"Run {rival} is unfinished"):
        store.resume(run_id)
    store.request_stop(rival)
    run = store.resume(run_id)
    assert (run.state, run.message, run.stop_requested_at) == (RunState.QUEUED, "", None)


def test_a_run_that_is_done_or_at_work_is_not_resumed(store):
    run_id = store.enqueue(config())
    claimed(store)
    with pytest.raises(RunError, match="running cannot become queued"):
        store.resume(run_id)
    store.finish(run_id, RunState.DONE, worker=ME)
    with pytest.raises(RunError, match="done cannot become queued"):
        store.resume(run_id)


def test_the_worker_of_before_a_resume_is_told_to_leave(store):
    run_id = store.enqueue(config())
    claimed(store)
    assert store.lose(store.get(run_id), "silent")
    store.resume(run_id)
    assert store.heartbeat(run_id, ME, SAVED) is Beat.GONE
    again = store.claim_next()
    assert again is not None
    assert store.attach(run_id, OTHER)
    assert store.heartbeat(run_id, ME, SAVED) is Beat.GONE
    assert store.heartbeat(run_id, OTHER, SAVED) is Beat.GO_ON


def test_a_paused_run_keeps_its_name_and_is_not_deleted(store):
    run_id = store.enqueue(config())
    store.request_pause(run_id)
    with pytest.raises(RunError, match="is unfinished"):
        store.enqueue(config())
    with pytest.raises(RunError, match="stop it before"):
        store.delete(run_id)


def test_each_slot_has_one_run_and_gives_its_device_back(store):
    for name in "abc":
        store.enqueue(config(name))
    slots = ("cuda:0", "cuda:1")
    first, second = store.claim_next(slots), store.claim_next(slots)
    assert first is not None
    assert second is not None
    assert [first.slot, second.slot] == ["cuda:0", "cuda:1"]
    assert store.claim_next(slots) is None
    store.finish(first.id, RunState.FAILED, "x")
    third = store.claim_next(slots)
    assert third is not None
    assert third.slot == "cuda:0"


def test_a_run_that_pauses_still_has_its_slot(store):
    for name in "ab":
        store.enqueue(config(name))
    run_id = claimed(store)
    store.request_pause(run_id)
    assert store.claim_next(1) is None


def test_a_run_goes_on_only_where_its_saved_state_lies(store, own_home, monkeypatch):
    run_id = store.enqueue(config("begun"))
    claimed(store)
    store.finish(run_id, RunState.PAUSED, worker=ME, progress=SAVED)
    home = store.get(run_id).home

    monkeypatch.setenv("VAELAB_HOME", str(own_home / "another home"))
    store.resume(run_id)
    assert store.claim_next(slots=5) is None
    fresh = store.enqueue(config("fresh"))
    run = store.claim_next(slots=5)
    assert run is not None
    assert run.id == fresh
    assert run.home not in (None, home)

    monkeypatch.setenv("VAELAB_HOME", str(own_home / "home"))
    run = store.claim_next(slots=5)
    assert run is not None
    assert (run.id, run.home) == (run_id, home)


def at_once(*works) -> list[str]:
    """Do these in threads that start together; what was refused."""
    start, refused = threading.Barrier(len(works)), []

    def do(work):
        start.wait()
        try:
            work()
        except RunError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_of_those_who_ask_for_one_name_at_the_same_moment_one_gets_it(store):
    refused = at_once(*[lambda: store.enqueue(config())] * 4)
    assert len(refused) == 3
    assert len(store.queued()) == 1


def test_the_queue_is_put_in_order_by_several_at_once(store):
    ids = [store.enqueue(config(name)) for name in "abcdef"]
    moves = [lambda i=i: store.reorder(ids[i], 5 - 2 * i) for i in range(6)]
    assert at_once(*moves) == []
    waiting = store.queued()
    assert sorted(run.id for run in waiting) == ids
    assert len({run.position for run in waiting}) == 6


# A supervisor of its own process whose workers end at once and leave a line each.
SERVER = """
import os, signal, sys, time
from vaelab.runs import RunState, RunStore, Supervisor, supervisor
from vaelab.runs.launchers import local
from vaelab.runs.processes import this_worker, worker_id
url, out, slots = sys.argv[1:]
def work(run_id):
    store = RunStore(url)
    if store.attach(run_id, this_worker()):
        with open(out, "a") as file:
            print("begin", run_id, time.time(), file=file, flush=True)
            time.sleep(0.05)
            print("end", run_id, time.time(), file=file, flush=True)
        store.finish(run_id, RunState.DONE, worker=this_worker())
def launch(store, run):
    child = os.fork()
    if child == 0:
        try:
            work(run.id)
        finally:
            os._exit(0)  # the connections of its parent are not its own to close
    store.attach(run.id, worker_id(child))
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
local.launch, supervisor.TICK_S = launch, 0.02
store = RunStore(url)
sys.stdin.readline()  # all supervisors start at once
Supervisor(store, int(slots)).serve_forever(until_idle=True)
"""


def test_several_supervisors_never_start_a_run_twice_nor_more_than_the_slots(store, tmp_path):
    wanted = [store.enqueue(config(f"run-{i}")) for i in range(8)]
    out = tmp_path / "starts"
    run_together(SERVER, *[[store.url, str(out), "2"]] * 3)
    lines = [line.split() for line in out.read_text().splitlines()]
    assert sorted(int(run) for what, run, _ in lines if what == "begin") == wanted
    assert {run.state for run in store.list_runs()} == {RunState.DONE}
    at_work = 0
    for what, _run, _time in sorted(lines, key=lambda line: float(line[2])):
        at_work += 1 if what == "begin" else -1
        assert at_work <= 2
