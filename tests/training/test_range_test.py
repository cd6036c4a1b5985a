import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training import TrainConfig, range_test


def images(n: int) -> ImageDataset:
    rng = np.random.default_rng(0)
    x = np.zeros((n, 1, 8, 8), np.uint8)
    x[np.arange(n), 0, rng.integers(0, 8, n)] = 255
    return ImageDataset("rows", x)


def test_the_rate_rises_until_the_loss_does_and_the_suggestion_trains() -> None:
    torch.manual_seed(0)
    model = build_model(ModelConfig(latent_dim=2, width=32))
    found = range_test(model, images(200), TrainConfig(batch_size=32), steps=100)
    assert len(found.rates) == len(found.losses) <= 100
    assert list(found.rates) == sorted(found.rates)
    assert min(found.losses) < 0.7 * found.losses[0]
    assert found.suggestion is not None
    assert 1e-4 < found.suggestion < 0.1


def test_a_loss_that_is_not_finite_ends_it() -> None:
    model = build_model(ModelConfig(latent_dim=2, width=8))
    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))
    found = range_test(model, images(40), TrainConfig(), steps=10)
    assert (found.rates, found.suggestion) == ((), None)


def test_too_few_steps_or_images_are_refused() -> None:
    model = build_model(ModelConfig(latent_dim=2, width=8))
    with pytest.raises(ValueError, match="steps must be at least 10, got 3"):
        range_test(model, images(40), TrainConfig(), steps=3)
    with pytest.raises(ValueError, match="split of rows is empty"):
        range_test(model, images(0), TrainConfig())
