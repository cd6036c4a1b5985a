import numpy as np
import torch

from vaelab.data import DataSpec, load_dataset
from vaelab.latent.encode import encode_dataset
from vaelab.models import ModelConfig, build_model
from vaelab.objectives import rate_per_dimension
from vaelab.runs.epochs import plane, rates


def test_two_dimensions_are_the_plane_and_one_lies_on_a_line():
    means = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    assert plane(means, None) is means
    line = plane(means[:, :1], None)
    assert line.shape == (50, 2)
    assert not line[:, 1].any()


def test_maps_of_later_epochs_do_not_flip():
    rng = np.random.default_rng(0)
    means = (rng.normal(size=(200, 5)) * [5, 3, 1, 0.5, 0.1]).astype(np.float32)
    first = plane(means, None)
    mirrored = (means * [-1, 1, -1, 1, 1]).astype(np.float32)
    np.testing.assert_allclose(plane(mirrored, first), first, atol=1e-3)
    quarter_turn = first @ np.array([[0, 1], [-1, 0]], np.float32)
    np.testing.assert_allclose(plane(means, quarter_turn), quarter_turn, atol=1e-3)


def test_rates_are_the_objective_s_own():
    splits = load_dataset(DataSpec("digits"))
    torch.manual_seed(0)
    for n_classes in (0, 10):
        config = ModelConfig(latent_dim=3, width=16, n_classes=n_classes, prior="standard")
        model = build_model(config).eval()
        codes = encode_dataset(model, splits.validation)
        x = torch.from_numpy(splits.validation.images).float() / 255
        y = torch.from_numpy(splits.validation.labels) if n_classes else None
        with torch.no_grad():
            expected = rate_per_dimension(model, x, y).mean(0)
        np.testing.assert_allclose(rates(model, codes), expected, rtol=1e-4, atol=1e-6)
