import numpy as np
import pytest
import torch

from tests.linear_gaussian import STD, an_image, linear_vae
from vaelab.models import ModelConfig, build_model
from vaelab.web.learn.gradient_estimators import gradient_samples, running_mean


def samples_of(model, x, n, y=None, seed=0):
    with torch.no_grad():
        posterior = model.encode(x, y)
    return gradient_samples(model, x, y, posterior, n, torch.Generator().manual_seed(seed))


def test_all_have_the_mean_known_in_closed_form():
    """d/dmu E_q[log p(x|z)] = W'(x - offset - W mu) / STD^2 in the linear model."""
    model, x = linear_vae(stretch=1.5, shift=0.3), an_image()
    samples = samples_of(model, x, 20_000)
    with torch.no_grad():
        mean = model.encode(x).mean[0]
        residual = x.flatten() - model.decoder.offset - model.decoder.weight @ mean
        expected = (model.decoder.weight.T @ residual / STD**2).numpy()
    for found in (samples.reparameterised, samples.score, samples.score_with_baseline):
        error = found.std(0, ddof=1) / np.sqrt(len(found))
        assert (np.abs(found.mean(0) - expected) < 4 * error).all()


def test_they_agree_for_a_network_and_the_score_function_is_noisier():
    config = ModelConfig(latent_dim=2, n_classes=3, width=16, depth=1)
    model, x, y = build_model(config), torch.rand(1, 1, 8, 8), torch.tensor([1])
    samples = samples_of(model, x, 20_000, y)
    path = samples.reparameterised
    for score in (samples.score, samples.score_with_baseline):
        error = np.sqrt((path.var(0) + score.var(0)) / len(score))
        assert (np.abs(path.mean(0) - score.mean(0)) < 4 * error).all()
    assert (samples.score.var(0) > 10 * samples.score_with_baseline.var(0)).all()
    assert (samples.score_with_baseline.var(0) > path.var(0)).all()


def test_the_models_weights_get_no_gradient():
    model = build_model(ModelConfig(latent_dim=2, width=16, depth=1))
    samples_of(model, torch.rand(1, 1, 8, 8), 4)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_running_mean_is_the_mean_of_each_beginning():
    values = np.random.default_rng(0).normal(size=200) * 5 + 1000
    n, mean, error = running_mean(values, points=15)
    assert n[0] == 2
    assert n[-1] == 200
    for i, count in enumerate(n.astype(int)):
        part = values[:count]
        assert mean[i] == pytest.approx(part.mean())
        assert error[i] == pytest.approx(part.std(ddof=1) / np.sqrt(count))


def test_one_sample_is_refused():
    with pytest.raises(ValueError, match="n must be"):
        samples_of(linear_vae(), an_image(), 1)
