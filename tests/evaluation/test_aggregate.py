import math

import numpy as np
import pytest
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.aggregate import aggregate_per_image
from vaelab.evaluation.codes import Encoded, encode
from vaelab.models import ModelConfig, build_model


def posteriors(mean, log_var, labels=None, n_classes=0):
    """A model's posteriors set by hand; the images do not matter."""
    images = np.zeros((len(mean), 1, 8, 8), np.uint8)
    names = tuple(map(str, range(n_classes)))
    model = build_model(ModelConfig(latent_dim=mean.shape[1], width=8, n_classes=n_classes))
    dataset = ImageDataset("made", images, labels, names, "test")
    return Encoded(model.double(), dataset, torch.from_numpy(mean), torch.from_numpy(log_var))


def rate_of(mean, log_var):
    return 0.5 * (mean**2 + np.exp(log_var) - log_var - 1).sum(axis=1)


def test_two_far_posteriors_tell_log_2():
    """Half of the images at +5, half at -5, standard deviation 0.1: I = log 2, known exactly."""
    mean = np.repeat([[5.0], [-5.0]], 2000, axis=0)
    log_var = np.full_like(mean, 2 * math.log(0.1))
    values = aggregate_per_image(posteriors(mean, log_var))
    assert values.mutual_information.mean() == pytest.approx(math.log(2), abs=1e-6)
    rate = rate_of(mean, log_var).mean()
    assert values.marginal_kl.mean() == pytest.approx(rate - math.log(2), abs=0.1)


def test_collapsed_posteriors_are_the_prior():
    zeros = np.zeros((300, 3))
    values = aggregate_per_image(posteriors(zeros, zeros))
    np.testing.assert_allclose(values.marginal_kl, 0, atol=1e-9)
    np.testing.assert_allclose(values.mutual_information, 0, atol=1e-9)


def test_an_aggregate_posterior_that_is_the_prior_has_no_marginal_kl():
    """Means N(0, 1 - v) and variance v: q(z) = N(0, 1), so that all of the rate is I(x; z)."""
    rng = np.random.default_rng(7)  # another noise than the codes'
    v = 0.25
    mean = rng.normal(size=(4000, 1)) * math.sqrt(1 - v)
    log_var = np.full_like(mean, math.log(v))
    values = aggregate_per_image(posteriors(mean, log_var))
    assert values.marginal_kl.mean() == pytest.approx(0, abs=0.02)
    assert values.mutual_information.mean() == pytest.approx(-0.5 * math.log(v), abs=0.05)


def test_the_two_make_up_the_rate(exact):
    encoded = encode(exact.model, exact.images)
    runs = [aggregate_per_image(encoded, seed) for seed in range(200)]
    total = np.mean([run.marginal_kl + run.mutual_information for run in runs])
    assert total == pytest.approx(rate_of(encoded.means, encoded.log_vars).mean(), abs=0.03)


def test_no_more_than_log_n_can_be_seen():
    """Posteriors that never meet; a class at a time where the model has classes."""
    mean = np.arange(40.0)[:, None] * 10
    log_var = np.full_like(mean, -6.0)
    values = aggregate_per_image(posteriors(mean, log_var))
    np.testing.assert_allclose(values.mutual_information, math.log(40), atol=1e-9)
    assert values.log_n == pytest.approx(math.log(40))
    labels = np.arange(40) % 2
    values = aggregate_per_image(posteriors(mean, log_var, labels, 2))
    np.testing.assert_allclose(values.mutual_information, math.log(20), atol=1e-9)
    assert values.log_n == pytest.approx(math.log(20))
