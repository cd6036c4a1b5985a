import numpy as np
import pytest
import torch

from tests.linear_gaussian import an_image, closed_form, linear_vae
from vaelab.objectives import importance_log_weights
from vaelab.web.learn.marginal_estimate import running_estimate, weigh


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def from_prior(model, x, n, seed=0):
    return weigh(model, x, None, model.prior(None, 1), n, generator(seed))


def test_simple_monte_carlo_reaches_the_closed_form():
    model, x = linear_vae(), an_image()
    estimate = running_estimate(from_prior(model, x, 40_000).log_weight)
    assert estimate.error[-1] < 0.05
    assert abs(estimate.log_mean[-1] - closed_form(model, x)) < 4 * estimate.error[-1]


def test_importance_sampling_from_a_wrong_posterior_reaches_it_too():
    model, x = linear_vae(stretch=1.5, shift=0.1), an_image()
    with torch.no_grad():
        posterior = model.encode(x)
    drawn = weigh(model, x, None, posterior, 4_000, generator())
    estimate = running_estimate(drawn.log_weight)
    assert abs(estimate.log_mean[-1] - closed_form(model, x)) < 4 * estimate.error[-1]


def test_the_true_posterior_needs_one_sample():
    model, x = linear_vae(), an_image()
    with torch.no_grad():
        posterior = model.encode(x)
    drawn = weigh(model, x, None, posterior, 5, generator())
    np.testing.assert_allclose(drawn.log_weight, closed_form(model, x), rtol=1e-9)


def test_weights_from_the_prior_are_the_likelihood():
    model, x = linear_vae(), an_image()
    drawn = from_prior(model, x, 300)
    np.testing.assert_allclose(drawn.log_weight, drawn.log_likelihood, rtol=1e-9)
    with torch.no_grad():
        again = model.decode(torch.from_numpy(drawn.z).double()).log_prob(x)
    np.testing.assert_allclose(drawn.log_likelihood, again.numpy(), rtol=1e-5)


def test_weights_from_the_posterior_are_those_of_the_objective():
    model, x = linear_vae(stretch=2), an_image()
    with torch.no_grad():
        posterior = model.encode(x)
        expected = importance_log_weights(model, x, None, 2000, generator(1))[:, 0].numpy()
    found = weigh(model, x, None, posterior, 2000, generator(2)).log_weight
    error = np.hypot(found.std(), expected.std()) / np.sqrt(2000)
    assert abs(found.mean() - expected.mean()) < 4 * error


def test_a_running_estimate_is_the_estimate_of_each_beginning():
    logs = np.random.default_rng(0).normal(size=500) * 3 - 900
    estimate = running_estimate(logs, points=20)
    assert estimate.n[0] == 1
    assert estimate.n[-1] == 500
    for n, log_mean, effective in zip(
        estimate.n, estimate.log_mean, estimate.effective, strict=True
    ):
        weights = np.exp(logs[:n] + 900)
        assert log_mean == pytest.approx(np.log(weights.mean()) - 900)
        assert effective == pytest.approx(weights.sum() ** 2 / np.square(weights).sum())


def test_the_error_is_that_of_many_repeats():
    """Delta method against the spread of 400 independent estimates of 200 samples."""
    model, x = linear_vae(stretch=1.3), an_image()
    with torch.no_grad():
        posterior = model.encode(x)
    logs = weigh(model, x, None, posterior, 80_000, generator()).log_weight.reshape(400, 200)
    ends = [running_estimate(part) for part in logs]
    spread = np.std([e.log_mean[-1] for e in ends])
    assert np.mean([e.error[-1] for e in ends]) == pytest.approx(spread, rel=0.15)


def test_no_weights_are_refused():
    with pytest.raises(ValueError, match="log_weights"):
        running_estimate([])
