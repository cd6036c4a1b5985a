"""The loop: it learns, repeats itself, counts every image, stops, and survives infinity."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.models import Model, ModelConfig, build_model
from vaelab.objectives import elbo_terms
from vaelab.training import (
    EpochEnd,
    NonFiniteLossError,
    RolledBack,
    StepProgress,
    TrainConfig,
    fit,
)
from vaelab.training.batches import DeviceImages
from vaelab.training.loop import Trainer


def bars(n: int, split: str = "train", seed: int = 0) -> ImageDataset:
    """8x8 images of one bright column or row; the label says which of the two."""
    rng = np.random.default_rng(seed)
    images = np.zeros((n, 1, 8, 8), np.uint8)
    labels = rng.integers(0, 2, n)
    for image, label, place in zip(images, labels, rng.integers(0, 8, n), strict=True):
        image[0, place, :] = 255 * (label == 0)
        if label:
            image[0, :, place] = 255
    return ImageDataset("bars", images, labels.astype(np.int64), ("row", "column"), split)


CONFIG = TrainConfig(epochs=3, batch_size=32, precision="float32")


def ends(config: TrainConfig = CONFIG, **settings: object) -> list[EpochEnd]:
    model = build_model(ModelConfig(latent_dim=4, width=64, **settings))  # type: ignore[arg-type]
    events = fit(model, bars(333), bars(70, "validation", 1), config)
    return [event for event in events if isinstance(event, EpochEnd)]


@pytest.mark.parametrize("network", ["mlp", "conv"])
@pytest.mark.parametrize("n_classes", [0, 2])
def test_it_learns(network: str, n_classes: int) -> None:
    width = {"mlp": 64, "conv": 16}[network]
    model = build_model(
        ModelConfig(latent_dim=4, network=network, width=width, n_classes=n_classes)
    )
    config = TrainConfig(epochs=8, batch_size=32)
    events = [
        e
        for e in fit(model, bars(333), bars(70, "validation", 1), config)
        if isinstance(e, EpochEnd)
    ]
    elbos = [event.validation.elbo for event in events]
    assert [event.epoch for event in events] == list(range(1, 9))
    assert elbos[0] is not None
    assert elbos[-1] is not None
    assert elbos[-1] > elbos[0] + 3


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again = ends(), ends()
    assert [e.train for e in first] == [e.train for e in again]
    assert [e.validation for e in first] == [e.validation for e in again]
    assert ends(TrainConfig(epochs=3, batch_size=32, seed=1))[0].train != first[0].train


def test_metrics_are_means_over_every_image_with_a_ragged_last_batch() -> None:
    event = ends()[-1]
    assert event.train.n_images == 333
    assert event.validation.n_images == 70
    model = build_model(ModelConfig(latent_dim=4, width=64))
    validation = bars(1030, "validation", 2)  # 512 + 512 + 6
    trainer = Trainer(model, bars(40), validation, CONFIG)
    metrics = trainer.evaluate()
    noise = torch.Generator().manual_seed(CONFIG.seed + 2)
    x = torch.from_numpy(validation.images).float() / 255
    with torch.no_grad():
        terms = [elbo_terms(model, part, generator=noise) for part in x.split(512)]
    elbo = torch.cat([term.elbo for term in terms]).double().mean().item()
    assert metrics.elbo == pytest.approx(elbo, rel=1e-5)


def test_progress_runs_to_the_last_step() -> None:
    model = build_model(ModelConfig(latent_dim=4, width=64))
    events = list(fit(model, bars(333), bars(70, "validation"), CONFIG))
    steps = [event for event in events if isinstance(event, StepProgress)]
    assert steps[-1].step == steps[-1].steps == 3 * 11
    assert steps[-1].fraction == 1
    assert all(a.step < b.step for a, b in itertools.pairwise(steps))
    assert isinstance(events[-1], EpochEnd)


def test_closing_the_generator_stops() -> None:
    model = build_model(ModelConfig(latent_dim=4, width=64))
    events = fit(model, bars(333), bars(70, "validation"), TrainConfig(epochs=1000))
    next(events)
    events.close()
    with pytest.raises(StopIteration):
        next(events)


def break_(model: Model) -> None:
    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))


def test_an_infinite_loss_is_rolled_back_once_and_ends_the_run_the_second_time() -> None:
    model = build_model(ModelConfig(latent_dim=4, width=64))
    trainer = Trainer(model, bars(333), bars(70, "validation"), replace(CONFIG, epochs=5))
    events = trainer.run()
    for event in events:
        if isinstance(event, EpochEnd) and event.epoch == 2:
            break
    good = {name: value.clone() for name, value in model.state_dict().items()}
    break_(model)
    back = next(event for event in events if isinstance(event, RolledBack))
    assert (back.epoch, back.good_epoch, back.learning_rate_scale) == (3, 2, 0.5)
    assert all(torch.equal(good[name], value) for name, value in model.state_dict().items())
    assert next(events).epoch == 3
    break_(model)
    with pytest.raises(NonFiniteLossError, match=r"epoch 3.*half the learning rate") as caught:
        list(events)
    assert caught.value.epoch == 3
    assert "distortion" in caught.value.terms
    assert all(torch.equal(good[name], value) for name, value in model.state_dict().items())


def test_after_a_roll_back_the_epoch_is_done_again_with_half_the_learning_rate() -> None:
    def run(config: TrainConfig, *, spoil: bool) -> list[EpochEnd]:
        model = build_model(ModelConfig(latent_dim=4, width=64))
        trainer = Trainer(model, bars(333), bars(70, "validation", 1), config)
        found = []
        for event in trainer.run():
            if spoil and isinstance(event, StepProgress):
                break_(model)
                spoil = False
            if isinstance(event, EpochEnd):
                found.append(event)
        return found

    config = replace(CONFIG, epochs=1, grad_clip=0.0)
    half = replace(config, learning_rate=config.learning_rate / 2)
    assert run(config, spoil=True)[0].train == run(half, spoil=False)[0].train


def test_beta_and_warm_up_change_training_but_not_what_elbo_means() -> None:
    event = ends(TrainConfig(epochs=3, batch_size=32, beta=5.0, kl_warmup_epochs=1.0))[-1]
    metrics = event.validation
    assert metrics.rate is not None
    assert metrics.elbo == pytest.approx(-(metrics.distortion + metrics.rate))
    assert metrics.loss == pytest.approx(metrics.distortion + 5 * metrics.rate, rel=1e-5)


def test_an_autoencoder_reports_distortion_alone() -> None:
    for regulariser in ("bottleneck", "contractive", "denoise_masking"):
        event = ends(family="autoencoder", regulariser=regulariser, regulariser_strength=0.1)[-1]
        assert event.validation.elbo is None
        assert set(event.validation.to_dict()) == {"loss", "distortion"}


def test_empty_or_unlabelled_splits_are_refused() -> None:
    model = build_model(ModelConfig(n_classes=2))
    unlabelled = ImageDataset("plain", bars(5).images)
    with pytest.raises(ValueError, match="plain has no labels"):
        next(fit(model, unlabelled, unlabelled, CONFIG))
    with pytest.raises(ValueError, match="the validation split of bars is empty"):
        next(fit(model, bars(5), bars(0, "validation"), CONFIG))


def test_shuffled_batches_hold_every_image_once() -> None:
    data = DeviceImages(bars(100), torch.device("cpu"), with_labels=True)
    data.images[:, 0, 0, 0] = torch.arange(100, dtype=torch.uint8)
    seen = torch.cat([b.x[:, 0, 0, 0] for b in data.shuffled(32, torch.Generator().manual_seed(0))])
    numbers = (seen * 255).round().int()
    assert not torch.equal(numbers, torch.arange(100, dtype=torch.int32))
    assert torch.equal(numbers.sort().values, torch.arange(100, dtype=torch.int32))
