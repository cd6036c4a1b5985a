"""Stop and pause while a step is being compiled: at once, and nothing of the run is lost."""

import time
from dataclasses import replace

import pytest

from vaelab.checkpoints import read_checkpoint
from vaelab.data import DataSpec
from vaelab.evaluation import QUICK
from vaelab.runs import RunState
from vaelab.runs import job as job_module
from vaelab.runs.config import RunConfig
from vaelab.runs.events import Stage
from vaelab.runs.logs import has_state, state_folder
from vaelab.runs.worker import execute
from vaelab.training import EpochEnd, TrainConfig
from vaelab.training import loop as loop_module


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A saved state at every epoch's end; no ONNX files; compiling costs nothing."""
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "1000")
    monkeypatch.setattr("vaelab.runs.saved_state.SHARE", 1e9)
    monkeypatch.setattr(job_module, "QUICK", replace(QUICK, n_importance_samples=4, n_log_px=50))
    monkeypatch.setattr(loop_module, "choose_update", lambda eager, _example, _steps: eager)
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})


def config(name: str = "a") -> RunConfig:
    train = TrainConfig(epochs=3, batch_size=256, compile="on", threads=1)
    return RunConfig(name, DataSpec("digits"), "vae", {"latent_dim": 2, "width": 16}, train)


def work(store, run_id, on_event=lambda _event: None):
    assert store.claim_next() is not None
    return execute(run_id, store, on_event)


def ended_while_compiling(store, monkeypatch, run_id, request):
    """The run's record after it was asked to end while its step is compiled, which never ends."""

    def compile_for_ever(_eager, _example, _steps):
        while True:
            time.sleep(60)

    def see(event):
        if isinstance(event, Stage) and event.name == "compiling":
            request(run_id)

    with monkeypatch.context() as patch:
        patch.setattr(loop_module, "choose_update", compile_for_ever)
        return work(store, run_id, see)


def results(store, run):
    checkpoint = read_checkpoint(run.checkpoint)
    return checkpoint.weights_sha256, checkpoint.report.figures, store.metrics(run.id)


@pytest.fixture
def whole(store):
    run = work(store, store.enqueue(config("whole")))
    assert run.state is RunState.DONE
    return results(store, run)


def test_a_new_run_is_paused_at_once_and_begins_anew(store, monkeypatch, whole):
    run_id = store.enqueue(config())
    paused = ended_while_compiling(store, monkeypatch, run_id, store.request_pause)
    assert (paused.state, paused.message) == (RunState.PAUSED, "Paused before the training began.")
    assert not has_state(run_id)
    store.resume(run_id)
    assert results(store, work(store, run_id)) == whole


class KilledHereError(Exception):
    pass


def broken_off(store) -> int:
    """A run that ended after its first epoch and waits to be resumed."""
    run_id = store.enqueue(config())

    def see(event):
        if isinstance(event, EpochEnd) and event.epoch == 1:
            raise KilledHereError

    with pytest.raises(KilledHereError):
        work(store, run_id, see)
    store.resume(run_id)
    return run_id


def test_a_resumed_run_stays_where_it_was_and_its_state_is_not_touched(store, monkeypatch, whole):
    run_id = broken_off(store)
    before = {path.name: path.read_bytes() for path in state_folder(run_id).iterdir()}
    asked = [
        (store.request_pause, RunState.PAUSED, "it goes on from exactly there."),
        (store.request_stop, RunState.STOPPED, "the checkpoint that was saved last is kept."),
    ]
    for request, state, end in asked:
        run = ended_while_compiling(store, monkeypatch, run_id, request)
        assert run.state is state
        assert run.message == f"{state.capitalize()} in epoch 1 of 3, before it had gone on; {end}"
        assert {p.name: p.read_bytes() for p in state_folder(run_id).iterdir()} == before
        assert read_checkpoint(run.checkpoint).epoch == 1
        store.resume(run_id)
    assert results(store, work(store, run_id)) == whole
