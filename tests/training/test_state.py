"""A run that is interrupted anywhere ends as one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training import EpochEnd, Metrics, Place, TrainConfig, Trainer, capture
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


@pytest.mark.parametrize("name", MODELS)
def test_a_run_that_was_interrupted_ends_with_the_same_weights_and_numbers(name: str) -> None:
    whole = trainer(MODELS[name])
    expected = numbers(whole.run())
    for stop in (1, STEPS, STEPS + 1, STEPS + 3, 2 * (STEPS + 1) + 2):
        first = trainer(MODELS[name])
        events = first.run()
        seen = numbers(next(events) for _ in range(stop))
        good, now = first.good, capture(first)
        assert good is not None
        list(events)  # whatever the first one still does, it does with tensors of its own

        second = trainer(MODELS[name])
        torch.randn(3)
        second.resume(good, now)
        seen += numbers(second.run())
        assert seen == expected, now.place
        for key, value in whole.model.state_dict().items():
            assert torch.equal(value, second.model.state_dict()[key]), (now.place, key)


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
