import numpy as np
import pytest
import torch

from vaelab.latent import Latents
from vaelab.models import ModelConfig, build_model
from vaelab.web.learn.class_priors import class_priors, rate_of_priors
from vaelab.web.learn.ellipses import ellipse

CONFIG = ModelConfig(latent_dim=3, n_classes=4, width=8, depth=1, prior="class_gaussian")


def trained_priors():
    model = build_model(CONFIG)
    with torch.no_grad():
        model.prior_network.mean += torch.arange(12.0).view(4, 3)
        model.prior_network.log_var += torch.linspace(-2, 1, 12).view(4, 3)
    return model


def some_latents(n=40):
    rng = np.random.default_rng(0)
    return Latents(
        rng.normal(size=(n, 3)).astype(np.float32),
        rng.normal(size=(n, 3)).astype(np.float32),
        rng.integers(0, 4, n),
        np.zeros(n, np.uint8),
        np.arange(n),
    )


def test_whitening_and_colouring_undo_each_other():
    priors, z = class_priors(trained_priors()), np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(priors.colour(priors.whiten(z, 2), 2), z)


def test_a_transfer_keeps_the_place_within_the_prior():
    priors, z = class_priors(trained_priors()), np.array([0.3, -1.0, 2.0])
    moved = priors.colour(priors.whiten(z, 0), 3)
    np.testing.assert_allclose(priors.whiten(moved, 3), priors.whiten(z, 0))


def test_codes_of_a_prior_are_standard_once_whitened():
    model = trained_priors()
    z = model.sample_latents(20_000, torch.full((20_000,), 1), torch.Generator().manual_seed(0))
    white = class_priors(model).whiten(z.detach().numpy(), 1)
    np.testing.assert_allclose(white.mean(0), 0, atol=4 / np.sqrt(20_000))
    np.testing.assert_allclose(white.std(0), 1, atol=0.03)


def test_the_standard_prior_is_one_for_all_and_saves_nothing():
    model = build_model(ModelConfig(latent_dim=3, n_classes=4, width=8, depth=1))
    priors = class_priors(model)
    assert (priors.mean == 0).all()
    assert (priors.std == 1).all()
    rates = rate_of_priors(model, some_latents())
    assert rates.learned == pytest.approx(rates.standard)


def test_rates_are_means_of_the_divergence():
    model, latents = trained_priors(), some_latents()
    rates = rate_of_priors(model, latents)
    posterior = torch.distributions.Normal(
        torch.from_numpy(latents.mean), torch.from_numpy(np.exp(0.5 * latents.log_var))
    )
    standard = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0))
    assert rates.standard == pytest.approx(float(standard.sum(1).mean()), rel=1e-5)
    priors = class_priors(model)
    learned = torch.distributions.kl_divergence(
        posterior,
        torch.distributions.Normal(
            torch.from_numpy(priors.mean[latents.labels]).float(),
            torch.from_numpy(priors.std[latents.labels]).float(),
        ),
    )
    assert rates.learned == pytest.approx(float(learned.sum(1).mean()), rel=1e-5)
    assert rates.n_images == 40


def test_every_point_of_an_ellipse_is_as_many_standard_deviations_away():
    mean, covariance = np.array([1.0, -2.0]), np.array([[2.0, 0.7], [0.7, 0.5]])
    points = ellipse(mean, covariance, 2) - mean
    distances = np.einsum("pi,ij,pj->p", points, np.linalg.inv(covariance), points)
    np.testing.assert_allclose(np.sqrt(distances), 2)
    np.testing.assert_allclose(points[0], points[-1], atol=1e-12)


def test_an_untilted_ellipse_is_as_wide_as_its_standard_deviations():
    points = ellipse((0, 0), (9.0, 0.25), 1)
    np.testing.assert_allclose(np.abs(points).max(0), [3, 0.5], rtol=1e-2)


def test_refusals():
    with pytest.raises(ValueError, match="conditional"):
        class_priors(build_model(ModelConfig(latent_dim=2, width=8)))
    with pytest.raises(ValueError, match="covariance"):
        ellipse((0, 0), (1, 1, 1))
