import pytest
from sqlalchemy.exc import OperationalError

from vaelab.data import DataSpec
from vaelab.runs import Progress, RunState
from vaelab.runs.config import RunConfig
from vaelab.runs.heartbeat import Heartbeat, StopRequestedError
from vaelab.runs.processes import this_worker

DATABASES = ("sqlite", "postgresql")
ME = this_worker()


@pytest.fixture
def run_id(store) -> int:
    return store.start_foreground(RunConfig("a", DataSpec("digits")), ME)


def test_it_carries_progress_and_brings_the_request_to_stop(store, run_id, eventually):
    with Heartbeat(store, run_id, ME) as heart:
        heart.check()
        heart.progress = Progress("training", 2)
        eventually(lambda: store.get(run_id).progress.epoch == 2)
        store.request_stop(run_id)
        assert heart.stop.wait(60)
    assert not heart.gone
    with pytest.raises(StopRequestedError):
        heart.check()


def test_a_run_that_has_ended_elsewhere_is_gone(store, run_id):
    store.finish(run_id, RunState.FAILED)
    with Heartbeat(store, run_id, ME) as heart:
        assert heart.stop.wait(60)
    assert heart.gone


def test_a_database_that_does_not_answer_for_a_while_does_not_end_it(
    store, run_id, monkeypatch, eventually
):
    calls = []

    def fails(*_: object) -> None:
        calls.append(1)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patch, Heartbeat(store, run_id, ME) as heart:
        patch.setattr(store, "heartbeat", fails)
        eventually(lambda: len(calls) >= 1)
        patch.undo()
        heart.progress = Progress("training", 3)
        eventually(lambda: store.get(run_id).progress.epoch == 3)
