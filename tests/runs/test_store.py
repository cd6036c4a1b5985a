import math
from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa

from tests.runs.child_processes import run_together
from vaelab.data import DataSpec
from vaelab.runs import Beat, Progress, RunError, RunState, RunStore
from vaelab.runs.config import RunConfig
from vaelab.runs.logs import log_path
from vaelab.runs.opening import open_engine
from vaelab.runs.processes import this_worker
from vaelab.runs.tables import SCHEMA_VERSION, schema

DATABASES = ("sqlite", "postgresql")
ME = this_worker()
OTHER = replace(ME, pid=ME.pid + 1)


def config(name: str = "a") -> RunConfig:
    return RunConfig(name, DataSpec("digits"))


def started(store: RunStore) -> int:
    return store.start_foreground(config(), ME)


def test_what_was_asked_comes_back(store):
    run = store.get(store.enqueue(config()))
    assert run.state is RunState.QUEUED
    assert RunConfig.from_dict(run.config) == config()
    assert run.checkpoint == str(config().checkpoint_folder)
    assert run.epochs == config().train.epochs


def test_runs_are_claimed_in_order_while_slots_are_free(store):
    first, second = store.enqueue(config("a")), store.enqueue(config("b"))
    claimed = store.claim_next(slots=1)
    assert claimed is not None
    assert (claimed.id, claimed.state) == (first, RunState.RUNNING)
    assert store.claim_next(slots=1) is None
    store.finish(first, RunState.FAILED, "x")
    claimed = store.claim_next(slots=1)
    assert claimed is not None
    assert claimed.id == second


def test_a_foreground_run_is_never_claimed_and_takes_a_slot(store):
    started(store)
    store.enqueue(config("b"))
    assert store.claim_next(slots=1) is None
    claimed = store.claim_next(slots=2)
    assert claimed is not None
    assert claimed.name == "b"


def test_two_unfinished_runs_never_share_a_checkpoint(store):
    run_id = store.enqueue(config())
    with pytest.raises(RunError, match=f"Run {run_id} is unfinished"):
        store.enqueue(config())
    store.request_stop(run_id)
    store.enqueue(config())


def test_heartbeats_carry_progress_and_bring_the_request_to_stop(store):
    run_id = started(store)
    progress = Progress("training", 3, 0.25, 12.5, 1000.0)
    assert store.heartbeat(run_id, ME, progress) is Beat.GO_ON
    assert store.get(run_id).progress == progress
    assert store.requested(run_id) is Beat.GO_ON
    store.request_stop(run_id)
    assert store.requested(run_id) is Beat.STOP
    assert store.heartbeat(run_id, ME, progress) is Beat.STOP


def test_a_process_that_does_not_own_the_run_is_gone(store):
    run_id = started(store)
    assert store.heartbeat(run_id, OTHER, Progress()) is Beat.GONE
    assert not store.attach(run_id, OTHER)
    with pytest.raises(RunError, match="does not belong"):
        store.finish(run_id, RunState.DONE, worker=OTHER)
    assert store.heartbeat(999, ME, Progress()) is Beat.GONE


def test_a_lost_run_is_found_again_by_its_own_process_only(store):
    run_id = started(store)
    assert store.lose(store.get(run_id), "silent")
    assert store.get(run_id).state is RunState.LOST
    assert store.heartbeat(run_id, OTHER, Progress()) is Beat.GONE
    assert store.heartbeat(run_id, ME, Progress()) is Beat.GO_ON
    run = store.get(run_id)
    assert (run.state, run.message, run.finished_at) == (RunState.RUNNING, "", None)


def test_a_sign_of_life_in_between_keeps_a_run_from_being_lost(store):
    run_id = started(store)
    seen = store.get(run_id)
    store.heartbeat(run_id, ME, Progress())
    assert not store.lose(seen, "silent")


def test_an_ended_run_stays_ended(store):
    run_id = started(store)
    store.finish(run_id, RunState.DONE, "ok", ME)
    with pytest.raises(RunError, match="cannot become failed"):
        store.finish(run_id, RunState.FAILED)
    with pytest.raises(RunError, match="nothing to stop"):
        store.request_stop(run_id)
    assert store.heartbeat(run_id, ME, Progress()) is Beat.GONE
    assert store.get(run_id).message == "ok"


def test_a_message_may_hold_what_a_damaged_log_does(store):
    run_id = started(store)
    store.finish(run_id, RunState.FAILED, "torn: \0\udc80.")
    assert store.get(run_id).message == "torn: ?."


def test_curves_and_pictures(store):
    run_id = started(store)
    store.record_epoch(run_id, 1, train={"elbo": -3.5}, validation={"elbo": math.nan})
    store.record_epoch(run_id, 1, train={"elbo": -3.0}, validation={"elbo": math.nan})
    train, validation = store.metrics(run_id)
    assert (train.epoch, train.split, train.name, train.value) == (1, "train", "elbo", -3.0)
    assert math.isnan(validation.value)
    store.add_image(run_id, 2, "samples", b"old")
    store.add_image(run_id, 2, "samples", b"new")
    assert store.image_epochs(run_id, "samples") == [2]
    assert store.image(run_id, 2, "samples") == b"new"
    assert store.image(run_id, 1, "samples") is None
    points = np.arange(6, dtype=np.float16).reshape(3, 2)
    store.add_array(run_id, 2, "map", points)
    np.testing.assert_array_equal(store.array(run_id, 2, "map"), points)


def test_delete_takes_everything_but_spares_a_run_at_work(store):
    run_id = started(store)
    store.record_epoch(run_id, 1, train={"elbo": -1.0})
    store.add_image(run_id, 1, "samples", b"x")
    log_path(run_id).write_text("hello")
    with pytest.raises(RunError, match="stop it before"):
        store.delete(run_id)
    store.finish(run_id, RunState.DONE)
    store.delete(run_id)
    with pytest.raises(RunError, match=f"no run {run_id}"):
        store.get(run_id)
    assert store.metrics(run_id) == []
    assert store.image_epochs(run_id, "samples") == []
    assert not log_path(run_id).exists()
    assert store.enqueue(config()) > run_id


def test_a_database_from_the_future_is_refused_with_a_sentence(store):
    engine = open_engine(store.url)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.update(schema).values(version=SCHEMA_VERSION + 1))
    engine.dispose()
    with pytest.raises(RunError, match="newer vaelab"):
        RunStore(store.url)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "runs.db").write_text("not a database, " * 100)
    with pytest.raises(RunError, match="cannot be opened"):
        RunStore(f"sqlite:///{tmp_path / 'runs.db'}")


@pytest.mark.parametrize("url", ["nonsense", "oracel://x"])
def test_an_address_that_is_none_is_refused_with_a_sentence(url):
    with pytest.raises(RunError, match="VAELAB_DATABASE_URL"):
        RunStore(url)


CLAIMER = """
import sys
from vaelab.runs import RunStore
store = RunStore(sys.argv[1])
sys.stdin.readline()  # all claimers start at once
while (run := store.claim_next(slots=1000)) is not None:
    print(run.id, flush=True)
"""


def test_processes_that_claim_from_one_database_never_get_the_same_run(store):
    wanted = [store.enqueue(config(f"run-{i}")) for i in range(40)]
    printed = run_together(CLAIMER, *[[store.url]] * 3)
    claimed = [int(line) for said in printed for line in said.split()]
    assert sorted(claimed) == wanted


OPENER = """
import sys
from vaelab.runs import RunStore
sys.stdin.readline()
print(len(RunStore(sys.argv[1]).list_runs()))
"""


def test_processes_may_make_the_database_at_the_same_moment(database_url):
    assert run_together(OPENER, *[[database_url]] * 3) == ["0\n"] * 3
