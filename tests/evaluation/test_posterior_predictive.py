import numpy as np
import pytest
import torch

from tests.linear_gaussian import STD, an_image, linear_vae
from vaelab.evaluation.posterior_predictive import posterior_codes, posterior_predictive
from vaelab.models import ModelConfig, build_model

N = 8_000


def test_moments_of_the_linear_model_are_the_closed_form():
    """E[x'|x] = W mu + offset, Var_z E = diag(W Sigma W'), E_z Var = std^2."""
    model, x = linear_vae(), an_image()
    found = posterior_predictive(model, x, n_samples=N)
    with torch.no_grad():
        posterior = model.encode(x)
        mean = model.decode(posterior.mean).mean[0].numpy()
        between = model.decoder.weight.square() @ posterior.log_var.exp()[0]
    between = between.numpy().reshape(mean.shape)
    assert (np.abs(found.mean - mean) < 5 * np.sqrt(between / N)).all()
    # the variance of a variance of N normal values is 2 var^2 / (N - 1)
    assert (np.abs(found.between - between) < 5 * between * np.sqrt(2 / (N - 1))).all()
    np.testing.assert_allclose(found.within, STD**2)
    np.testing.assert_allclose(found.std**2, found.between + found.within)


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_moments_are_those_of_all_codes_decoded_at_once(likelihood):
    config = ModelConfig(latent_dim=3, width=8, depth=1, n_classes=2, likelihood=likelihood)
    model = build_model(config)
    x, y = torch.rand(1, 1, 8, 8), torch.tensor([1])
    found = posterior_predictive(model, x, y, n_samples=5_000, seed=4)  # in two parts
    with torch.no_grad():
        decoded = model.decode(
            posterior_codes(model, x, y, n_samples=5_000, seed=4), y.expand(5_000)
        )
    means = decoded.mean.double().numpy()
    np.testing.assert_allclose(found.mean, means.mean(0), rtol=1e-6)
    np.testing.assert_allclose(found.between, means.var(0, ddof=1), rtol=1e-6)
    np.testing.assert_allclose(found.within, decoded.variance.double().mean(0), rtol=1e-6)


def test_refusals():
    model, x = linear_vae(), an_image()
    with pytest.raises(ValueError, match="n_samples must be at least 2, got 1"):
        posterior_predictive(model, x, n_samples=1)
    with pytest.raises(ValueError, match=r"\(1, C, H, W\), got \(2, 1, 8, 8\)"):
        posterior_predictive(model, x.expand(2, -1, -1, -1))
    point = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    with pytest.raises(ValueError, match="no posterior"):
        posterior_predictive(point, x.float())
