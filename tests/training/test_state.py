"""A run that is interrupted anywhere ends as one that is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.data.stored import PixelFile, StoredImages
from vaelab.models import ModelConfig, build_model
from vaelab.training import EpochEnd, Metrics, Place, TrainConfig, Trainer, capture, compiled
from vaelab.training import loop as loop_module

CONFIG = TrainConfig(epochs=3, batch_size=16, precision="float32", kl_warmup_epochs=1.0)
STEPS = 4  # of an epoch: 16 + 16 + 16 + 7 images
MODELS = {
    "vae": ModelConfig(latent_dim=2, width=16, likelihood="gaussian_shared"),
    "convolutional cvae": ModelConfig(latent_dim=2, network="conv", width=8, n_classes=2),
    "denoising autoencoder": ModelConfig(
        latent_dim=2, width=16, family="autoencoder", regulariser="denoise_masking"
    ),
}


@pytest.fixture(autouse=True)
def an_event_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "PROGRESS_SECONDS", 0.0)


def images(n: int, split: str) -> ImageDataset:
    rng = np.random.default_rng(n)
    pixels = rng.integers(0, 256, (n, 1, 8, 8), dtype=np.uint8)
    return ImageDataset("noise", pixels, rng.integers(0, 2, n), ("a", "b"), split)


def trainer(model: ModelConfig, config: TrainConfig = CONFIG) -> Trainer:
    if model.network == "conv":  # whose pixels are drawn anew for every batch
        config = replace(config, binarisation="dynamic")
    torch.manual_seed(0)
    return Trainer(build_model(model), images(55, "train"), images(20, "validation"), config)


def numbers(events: Iterator[object]) -> list[tuple[Metrics, Metrics]]:
    return [(e.train, e.validation) for e in events if isinstance(e, EpochEnd)]


def interrupted_ends_as_whole(make: Callable[[], Trainer], stops: Iterable[int]) -> Trainer:
    """Assert that for interruptions after so many events; the run that was not interrupted."""
    whole = make()
    expected = numbers(whole.run())
    for stop in stops:
        first = make()
        events = first.run()
        seen = numbers(next(events) for _ in range(stop))
        good, now = first.good, capture(first)
        assert good is not None
        list(events)  # whatever the first one still does, it does with tensors of its own

        second = make()
        torch.randn(3)
        second.resume(good, now)
        seen += numbers(second.run())
        assert seen == expected, now.place
        for key, value in whole.model.state_dict().items():
            assert torch.equal(value, second.model.state_dict()[key]), (now.place, key)
        ends = capture(whole).part("generator"), capture(second).part("generator")
        assert all(torch.equal(ends[0][key], ends[1][key]) for key in ends[0]), now.place
        assert second.is_compiled == whole.is_compiled
    return whole


@pytest.mark.parametrize("name", MODELS)
def test_a_run_that_was_interrupted_ends_with_the_same_weights_and_numbers(name: str) -> None:
    make = partial(trainer, MODELS[name])
    interrupted_ends_as_whole(make, (1, STEPS, STEPS + 1, STEPS + 3, 2 * (STEPS + 1) + 2))


@pytest.mark.parametrize("name", MODELS)
def test_so_does_one_whose_step_is_to_be_compiled(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that would be compiled, run as it was written down."""
    monkeypatch.setattr(compiled, "_compiled", lambda graph, device: graph)
    config = replace(CONFIG, compile="on")
    make = partial(trainer, MODELS[name], config)
    assert interrupted_ends_as_whole(make, (1, STEPS + 3)).is_compiled


@pytest.mark.skipif(not shutil.which("g++"), reason="needs a C++ compiler")
@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")  # the compiler's own modules
def test_so_does_one_whose_step_is_compiled() -> None:
    config = replace(CONFIG, compile="on", epochs=2)
    make = partial(trainer, MODELS["convolutional cvae"], config)
    assert interrupted_ends_as_whole(make, (STEPS + 3,)).is_compiled


def test_so_does_one_whose_images_are_read_ahead_from_a_file(tmp_path: Path) -> None:
    def from_a_file() -> Trainer:
        found = trainer(MODELS["convolutional cvae"])
        pixels = images(55, "train").images
        pixels.tofile(tmp_path / "pixels")
        found.train.images = StoredImages(PixelFile(tmp_path / "pixels", pixels.shape, ""))
        return found

    whole = interrupted_ends_as_whole(from_a_file, (1, STEPS + 3))
    in_memory = trainer(MODELS["convolutional cvae"])
    list(in_memory.run())
    for key, value in in_memory.model.state_dict().items():
        assert torch.equal(value, whole.model.state_dict()[key]), key


def test_the_state_of_another_model_is_refused() -> None:
    first, other = trainer(MODELS["vae"]), trainer(replace(MODELS["vae"], width=17))
    with pytest.raises(ValueError, match="another model"):
        other.resume(capture(first))


def test_a_place_round_trips_and_refuses_other_keys() -> None:
    place = Place(3, 2, 32, 1, 2, -1.5)
    assert Place.from_dict(place.to_dict()) == place
    with pytest.raises(ValueError, match="a place must have"):
        Place.from_dict({"epoch": 1})


def run_with_elbos(config: TrainConfig, elbos: list[float]) -> tuple[Trainer, list[dict]]:
    """A run whose validation ELBOs are given, and its weights after each epoch."""
    found = trainer(MODELS["vae"], config)
    values = iter(elbos)
    found.evaluate = lambda: Metrics(0.0, -next(values), 0.0, 20)  # type: ignore[method-assign]
    weights = []
    for event in found.run():
        if isinstance(event, EpochEnd):
            weights.append({k: v.clone() for k, v in found.model.state_dict().items()})
    return found, weights


def test_it_ends_when_the_validation_elbo_has_not_risen_and_keeps_the_best_weights() -> None:
    config = replace(CONFIG, epochs=20, patience=2, kl_warmup_epochs=0.0)
    found, weights = run_with_elbos(config, [-5.0, -3.0, -4.0, -3.5, -1.0])
    assert found.place.epoch == 4
    assert (found.place.best_epoch, found.place.best) == (2, -3.0)
    assert all(torch.equal(found.best_weights[k], v) for k, v in weights[1].items())


def test_epochs_of_the_kl_warm_up_neither_end_it_nor_are_the_best() -> None:
    config = replace(CONFIG, epochs=20, patience=2, kl_warmup_epochs=3.0)
    found, _ = run_with_elbos(config, [-1.0, -2.0, -3.0, -9.0, -8.0, -8.5, -8.1, 0.0])
    assert (found.place.epoch, found.place.best_epoch) == (7, 5)


def test_without_patience_it_goes_to_the_end() -> None:
    found, _ = run_with_elbos(replace(CONFIG, epochs=4), [-1.0, -2.0, -3.0, -4.0])
    assert found.place.epoch == 4
    assert not found.best_weights
