import io
import signal
import threading

import numpy as np
import pytest
import torch
from PIL import Image

from vaelab.checkpoints import (
    GRAPHS,
    find_graph,
    load_latents,
    load_mixture,
    load_model,
    read_checkpoint,
)
from vaelab.data import DataError, DataSpec
from vaelab.runs import RunError, RunState, together
from vaelab.runs.config import RunConfig
from vaelab.runs.events import Stage
from vaelab.runs.processes import this_worker
from vaelab.runs.worker import execute
from vaelab.training import RolledBack, StepProgress, TrainConfig, Trainer

ME = this_worker()


def config(family: str = "vae", epochs: int = 2, **training: float) -> RunConfig:
    return RunConfig(
        "a",
        DataSpec("digits"),
        family,
        {"latent_dim": 2, "width": 32},
        TrainConfig(epochs=epochs, **training),
    )


def begin(store, wanted: RunConfig) -> int:
    return store.start_foreground(wanted, ME)


@pytest.mark.parametrize("family", ["ae", "vae", "cvae"])
def test_a_run_from_images_to_checkpoint(store, family):
    wanted = config(family)
    events = []
    run = execute(begin(store, wanted), store, events.append)

    assert run.state is RunState.DONE
    assert run.message.startswith("Trained, evaluated and saved: test ")
    assert (run.progress.fraction, run.progress.epoch) == (1.0, 2)
    assert [e.name for e in events if isinstance(e, Stage)] == [
        "loading",
        "training",
        "saving",
        "exporting",
        "evaluating",
    ]
    names = {"loss", "distortion"} if family == "ae" else {"loss", "distortion", "rate", "elbo"}
    found = {(m.epoch, m.split, m.name) for m in store.metrics(run.id)}
    assert found == {(e, s, n) for e in (1, 2) for s in ("train", "validation") for n in names}

    checkpoint = read_checkpoint(wanted.checkpoint_folder)
    assert checkpoint.epoch == 2
    assert checkpoint.report is not None
    assert checkpoint.model_config == wanted.model_config((1, 8, 8), 10)
    latents = load_latents(checkpoint)
    sizes = checkpoint.split_sizes
    assert len(latents.of_split("train")) == sizes["train"]
    assert len(latents.of_split("test")) == sizes["test"]
    assert (load_mixture(checkpoint) is not None) == (family == "ae")
    load_model(checkpoint)
    assert all(find_graph(checkpoint, graph) for graph in GRAPHS)

    for kind in ("reconstructions", "samples"):
        assert store.image_epochs(run.id, kind) == [1, 2]
        with Image.open(io.BytesIO(store.image(run.id, 2, kind))) as picture:
            assert min(picture.size) > 100


def test_the_threads_of_torch_are_as_before(store):
    before = torch.get_num_threads()
    execute(begin(store, config(threads=1)), store)
    assert torch.get_num_threads() == before


def test_a_request_to_stop_keeps_the_weights_of_that_moment(store):
    wanted = config(epochs=100_000)
    run_id = begin(store, wanted)

    def stop_in_the_second_epoch(event: object) -> None:
        if isinstance(event, StepProgress) and event.epoch == 2:
            store.request_stop(run_id)

    run = execute(run_id, store, stop_in_the_second_epoch)
    assert run.state is RunState.STOPPED
    assert "of 100000; the checkpoint holds" in run.message
    checkpoint = read_checkpoint(wanted.checkpoint_folder)
    assert checkpoint.epoch == len({m.epoch for m in store.metrics(run_id)}) >= 1
    assert checkpoint.report is None
    assert len(load_latents(checkpoint)) > 0


def test_a_stop_during_the_evaluation_leaves_a_whole_checkpoint(store):
    wanted = config(epochs=1)
    run_id = begin(store, wanted)

    def stop_at_the_evaluation(event: object) -> None:
        if isinstance(event, Stage) and event.name == "evaluating":
            signal.raise_signal(signal.SIGTERM)

    run = execute(run_id, store, stop_at_the_evaluation)
    assert run.state is RunState.STOPPED
    assert "stopped before its evaluation" in run.message
    checkpoint = read_checkpoint(wanted.checkpoint_folder)
    assert checkpoint.report is None
    assert len(load_latents(checkpoint).of_split("train")) == checkpoint.split_sizes["train"]


def test_a_stop_before_the_training_saves_nothing(store):
    wanted = config()
    run_id = begin(store, wanted)
    run = execute(run_id, store, lambda _: signal.raise_signal(signal.SIGTERM))
    assert (run.state, run.message) == (RunState.STOPPED, "Stopped before the training began.")
    assert not wanted.checkpoint_folder.exists()


def test_a_loss_that_explodes_is_rolled_back_once_and_then_keeps_the_last_good_epoch(store):
    wanted = config(epochs=5)
    run_id = begin(store, wanted)
    seen = []

    class Exploding(Trainer):
        def step(self, batch, number):
            loss = super().step(batch, number)
            if self.place.epoch == 1:
                with torch.no_grad():
                    next(self.model.parameters()).fill_(float("nan"))
            return loss

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "Trainer", Exploding)
        with pytest.raises(ArithmeticError, match="NaN or infinite"):
            execute(run_id, store, seen.append)
    (back,) = [event for event in seen if isinstance(event, RolledBack)]
    assert (back.epoch, back.good_epoch, back.learning_rate_scale) == (2, 1, 0.5)
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.startswith("The loss became NaN or infinite in epoch 2, step ")
    assert "also with half the learning rate" in run.message
    assert run.message.endswith("the checkpoint holds epoch 1.")
    checkpoint = read_checkpoint(wanted.checkpoint_folder)
    assert checkpoint.epoch == 1
    assert all(bool(p.isfinite().all()) for p in load_model(checkpoint).parameters())


def test_unusable_data_fails_with_its_sentence(store, tmp_path):
    array = tmp_path / "unlabelled.npz"
    np.savez(array, x=np.arange(30 * 64, dtype=np.uint8).reshape(30, 8, 8))
    wanted = RunConfig("a", DataSpec(str(array)), "cvae")
    run_id = begin(store, wanted)
    with pytest.raises(DataError, match="at least two classes"):
        execute(run_id, store)
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.startswith("A conditional VAE needs at least two classes")
    assert not wanted.checkpoint_folder.exists()


def test_a_conditional_run_without_labels_ends_before_any_image_is_decoded(
    store, tmp_path, monkeypatch
):
    np.savez(tmp_path / "x.npz", x=np.arange(60 * 64, dtype=np.uint8).reshape(60, 8, 8))
    wanted = RunConfig("a", DataSpec(str(tmp_path / "x.npz")), "cvae")
    monkeypatch.setattr("vaelab.runs.job.load_dataset", lambda *_a, **_k: pytest.fail("loaded"))
    with pytest.raises(DataError, match=r"needs at least two classes, and .*x\.npz has no labels"):
        execute(begin(store, wanted), store)


def test_an_error_of_ours_is_recorded_and_not_hidden(store, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise TypeError("a fault in the program")

    monkeypatch.setattr(together, "build_model", broken)
    run_id = begin(store, config())
    with pytest.raises(TypeError):
        execute(run_id, store)
    assert store.get(run_id).message == "TypeError: a fault in the program"


def test_a_checkpoint_that_came_in_between_is_not_overwritten(store):
    wanted = config()
    run_id = begin(store, wanted)
    wanted.checkpoint_folder.mkdir(parents=True)
    with pytest.raises(ValueError, match="'a' exists"):
        execute(run_id, store)
    assert store.get(run_id).state is RunState.FAILED


def test_another_process_s_run_is_not_touched(store):
    run_id = begin(store, config())
    store.finish(run_id, RunState.STOPPED)
    with pytest.raises(RunError, match="has ended or belongs"):
        execute(run_id, store)


def test_it_works_outside_the_main_thread_where_there_are_no_signals(store):
    run_id = begin(store, config(epochs=1))
    thread = threading.Thread(target=execute, args=(run_id, store))
    thread.start()
    thread.join()
    assert store.get(run_id).state is RunState.DONE
