"""Training on black and white pixels: drawn anew for every batch, once, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training import EpochEnd, TrainConfig, fit
from vaelab.training.batches import DeviceImages

GREY = ImageDataset("grey", np.full((400, 1, 8, 8), 51, np.uint8), None, (), "train")
CPU = torch.device("cpu")


def images(binarisation: str) -> DeviceImages:
    noise = torch.Generator().manual_seed(0)
    return DeviceImages(GREY, CPU, with_labels=False, binarisation=binarisation, noise=noise)


def test_dynamic_pixels_are_drawn_anew_and_keep_their_mean() -> None:
    source, rows = images("dynamic"), torch.arange(400)
    first, second = source.gather(rows).x, source.gather(rows).x
    assert set(first.unique().tolist()) == {0.0, 1.0}
    assert (first != second).any()
    error = (0.2 * 0.8 / first.numel()) ** 0.5  # 51 / 255 = 0.2
    assert abs(first.mean() - 0.2) < 5 * error


def test_an_example_takes_nothing_from_the_generator() -> None:
    source = images("dynamic")
    assert source.noise is not None
    before = source.noise.get_state()
    example = source.example(64)
    assert torch.equal(source.noise.get_state(), before)
    assert example.x.shape == source.gather(torch.arange(64)).x.shape
    assert len(source.example(500).x) == 400


def test_fixed_pixels_stay() -> None:
    source, rows = images("fixed"), torch.arange(400)
    assert (source.gather(rows).x == source.gather(rows).x).all()
    assert set(source.gather(rows).x.unique().tolist()) == {0.0, 1.0}
    assert (images("none").gather(rows).x == 0.2).all()


def test_a_run_on_binary_pixels_repeats_itself() -> None:
    config = TrainConfig(epochs=2, batch_size=64, precision="float32", binarisation="dynamic")
    ends = []
    for _ in range(2):
        model = build_model(ModelConfig(latent_dim=2, width=8))
        ends.append([e for e in fit(model, GREY, GREY, config) if isinstance(e, EpochEnd)][-1])
    assert ends[0].validation == ends[1].validation
    assert ends[0].train.distortion != ends[0].validation.distortion


def test_only_a_bernoulli_scores_binary_pixels() -> None:
    model = build_model(ModelConfig(latent_dim=2, width=8, likelihood="gaussian"))
    with pytest.raises(ValueError, match="binarisation must be none for the likelihood gaussian"):
        list(fit(model, GREY, GREY, TrainConfig(binarisation="fixed")))
    with pytest.raises(ValueError, match="binarisation must be one of"):
        TrainConfig(binarisation="often")
