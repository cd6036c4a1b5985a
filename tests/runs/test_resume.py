"""Runs that are interrupted and resumed: by a pause, by kill -9, and with things amiss."""

from pathlib import Path

import numpy as np
import pytest

from vaelab.checkpoints import CheckpointError, read_checkpoint
from vaelab.data import DataError, DataSpec
from vaelab.runs import RunError, RunState
from vaelab.runs import job as job_module
from vaelab.runs.config import RunConfig
from vaelab.runs.events import Stage
from vaelab.runs.logs import has_state, state_folder
from vaelab.runs.processes import this_worker
from vaelab.runs.saved_state import EPOCH, STEP
from vaelab.runs.worker import execute
from vaelab.training import EpochEnd, StepProgress, TrainConfig
from vaelab.training import loop as loop_module

ME = this_worker()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """An event and a saved state every step; no ONNX files."""
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "0")
    monkeypatch.setattr("vaelab.runs.saved_state.SHARE", 1e9)
    monkeypatch.setattr(loop_module, "PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})


def config(name: str = "a", source: str = "digits", **training) -> RunConfig:
    train = TrainConfig(**{"epochs": 3, "batch_size": 256, **training})
    return RunConfig(name, DataSpec(source), "vae", {"latent_dim": 2, "width": 16}, train)


def work(store, run_id, on_event=None):
    """Do a queued run in this process."""
    assert store.claim_next() is not None
    return execute(run_id, store, on_event or (lambda _event: None))


def results(store, run):
    pictures = [
        store.image(run.id, epoch, kind)
        for kind in ("samples", "reconstructions")
        for epoch in store.image_epochs(run.id, kind)
    ]
    checkpoint = read_checkpoint(run.checkpoint)
    return checkpoint.weights_sha256, checkpoint.report.figures, store.metrics(run.id), pictures


def pause_when(store, run_id, moment):
    def see(event):
        if moment(event):
            store.request_pause(run_id)
            # The heart hears of it within a second; the run goes on until then.

    return see


MOMENTS = {
    "in the second epoch": lambda e: isinstance(e, StepProgress) and (e.epoch, e.step) == (2, 8),
    "at an epoch's end": lambda e: isinstance(e, EpochEnd) and e.epoch == 1,
    "before its evaluation": lambda e: isinstance(e, Stage) and e.name == "evaluating",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_paused_run_goes_on_as_if_nothing_had_been(store, monkeypatch, moment):
    whole = work(store, store.enqueue(config("whole")))
    assert not has_state(whole.id)  # nothing is left of it once it is done

    run_id = store.enqueue(config("paused"))
    at_once = []

    def see(event):
        if not at_once and MOMENTS[moment](event):
            at_once.append(event)
            store.request_pause(run_id)
            heart.state, _ = RunState.PAUSED, heart.stop.set()

    class Job(job_module.Job):
        def __init__(self, *arguments):
            nonlocal heart
            super().__init__(*arguments)
            heart = self.heart

    heart = None
    monkeypatch.setattr(job_module, "Job", Job)
    paused = work(store, run_id, see)
    assert paused.state is RunState.PAUSED
    assert paused.progress.saved_at is not None
    assert has_state(run_id)
    assert read_checkpoint(paused.checkpoint).epoch >= 1
    store.resume(run_id)
    again = work(store, run_id)
    assert again.state is RunState.DONE
    assert results(store, again) == results(store, whole)


class InterruptedHereError(Exception):
    """Stands for whatever ends a worker in the middle."""


def broken_off(store, wanted) -> int:
    """A failed run that has saved a state in its second epoch."""
    run_id = store.enqueue(wanted)

    def see(event):
        if isinstance(event, StepProgress) and event.epoch == 2 and event.step % 6 == 3:
            raise InterruptedHereError

    with pytest.raises(InterruptedHereError):
        work(store, run_id, see)
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.endswith("resume continues there.")
    assert {path.name for path in state_folder(run_id).iterdir()} == {EPOCH, STEP}
    store.resume(run_id)
    return run_id


def test_data_that_vanished_is_a_sentence_and_the_state_is_kept(store, tmp_path):
    path = tmp_path / "images.npz"
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (700, 8, 8), dtype=np.uint8)
    np.savez(path, x=x)
    run_id = broken_off(store, config(source=str(path), batch_size=128))
    path.rename(tmp_path / "away.npz")
    with pytest.raises(DataError):
        work(store, run_id)
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert str(path) in run.message
    assert has_state(run_id)

    np.savez(path, x=255 - x)
    store.resume(run_id)
    with pytest.raises(DataError, match="have changed since this run began"):
        work(store, run_id)

    (tmp_path / "away.npz").rename(path)
    store.resume(run_id)
    assert work(store, run_id).state is RunState.DONE


def test_a_state_that_is_not_here_is_a_sentence_and_nothing_begins_anew(store):
    run_id = broken_off(store, config())
    for path in state_folder(run_id).iterdir():
        path.unlink()
    with pytest.raises(RunError, match="resume it on the machine that it ran on"):
        work(store, run_id)
    assert read_checkpoint(store.get(run_id).checkpoint).epoch == 1


def test_a_damaged_step_falls_back_to_the_epoch_and_a_damaged_epoch_is_a_sentence(store):
    run_id = broken_off(store, config())
    (state_folder(run_id) / STEP).write_bytes(b"torn")
    details = []
    run = work(store, run_id, lambda e: isinstance(e, Stage) and details.append(e.detail))
    assert run.state is RunState.DONE
    assert "resumed after epoch 1, step 0" in details[1]

    run_id = broken_off(store, config("b"))
    (state_folder(run_id) / EPOCH).write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="is damaged"):
        work(store, run_id)
    assert store.get(run_id).state is RunState.FAILED


def test_a_step_of_an_older_epoch_is_not_taken_for_the_newest(store):
    run_id = broken_off(store, config())
    old_step = (state_folder(run_id) / STEP).read_bytes()

    def see(event):
        if isinstance(event, StepProgress) and event.epoch == 3:
            raise InterruptedHereError

    with pytest.raises(InterruptedHereError):
        work(store, run_id, see)
    (state_folder(run_id) / STEP).write_bytes(old_step)
    store.resume(run_id)
    details = []
    work(store, run_id, lambda e: isinstance(e, Stage) and details.append(e.detail))
    assert "resumed after epoch 2, step 0" in details[1]


def test_a_run_that_never_saved_begins_anew_and_respects_a_checkpoint_of_its_name(store):
    run_id = store.enqueue(config())

    def see(_event):
        raise InterruptedHereError

    with pytest.raises(InterruptedHereError):
        work(store, run_id, see)
    store.resume(run_id)
    Path(store.get(run_id).checkpoint).mkdir(parents=True)
    with pytest.raises(ValueError, match="exists in"):
        work(store, run_id)
    Path(store.get(run_id).checkpoint).rmdir()
    store.resume(run_id)
    assert work(store, run_id).state is RunState.DONE


def test_early_stopping_leaves_the_best_and_the_last(store):
    run_id = store.enqueue(config(epochs=40, learning_rate=0.3, patience=2, grad_clip=0.0))
    run = work(store, run_id)
    assert run.state is RunState.DONE
    best = read_checkpoint(run.checkpoint)
    last = read_checkpoint(f"{run.checkpoint}-last")
    assert last.epoch == best.epoch + 2 < 40
    assert f"this is epoch {best.epoch}, the best by validation" in run.message
    assert last.weights_sha256 != best.weights_sha256
    assert last.report is None
    with pytest.raises(ValueError, match="exists in"):
        config(patience=2).prepare_folder()
