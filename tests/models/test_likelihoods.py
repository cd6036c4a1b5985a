"""p(x|z): normalisation, torch's densities, and samples whose moments are the stated ones."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor
from torch.distributions import ContinuousBernoulli as TorchContinuousBernoulli
from torch.distributions import Normal

from vaelab.models import LIKELIHOODS, ModelConfig
from vaelab.models.likelihoods import (
    HEADS,
    Bernoulli,
    ContinuousBernoulli,
    Gaussian,
    GaussianHead,
    Likelihood,
)


def logits(*shape: int, scale: float = 2.0) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return scale * torch.randn(shape, generator=generator, dtype=torch.float64)


def test_bernoulli_probabilities_sum_to_one_over_all_images() -> None:
    images = torch.tensor(list(itertools.product((0.0, 1.0), repeat=4)), dtype=torch.float64)
    likelihood = Bernoulli(logits(1, 1, 2, 2).expand(16, -1, -1, -1))
    total = likelihood.log_prob(images.reshape(16, 1, 2, 2)).exp().sum()
    torch.testing.assert_close(total, torch.ones_like(total))


def test_continuous_bernoulli_is_torchs_density() -> None:
    eta = logits(6, 1, 3, 3)
    x = torch.rand(6, 1, 3, 3, dtype=torch.float64)
    expected = TorchContinuousBernoulli(logits=eta).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(ContinuousBernoulli(eta).log_prob(x), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("eta", [-30.0, -3.0, -0.61, -0.29, -1e-9, 0.0, 0.1, 0.29, 0.59, 5.0, 80.0])
def test_continuous_bernoulli_integrates_to_one_with_its_mean(eta: float) -> None:
    n = 200_000
    x = (torch.arange(n, dtype=torch.float64) + 0.5) / n  # midpoints
    likelihood = ContinuousBernoulli(torch.full((n, 1, 1, 1), eta, dtype=torch.float64))
    density = likelihood.log_prob(x.reshape(n, 1, 1, 1)).exp()
    torch.testing.assert_close(density.mean().item(), 1.0, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(
        (density * x).mean().item(), likelihood.mean[0].item(), rtol=1e-6, atol=1e-6
    )
    squared = (density * (x - likelihood.mean.flatten()).square()).mean().item()
    assert squared == pytest.approx(likelihood.variance[0].item(), abs=1e-6)


def test_continuous_bernoulli_keeps_float32_digits_and_gradients_at_zero() -> None:
    eta = torch.tensor([-0.3, -1e-4, 0.0, 1e-6, 0.299, 0.301, 0.59, 0.61, 0.7])
    eta = eta.reshape(1, 1, 1, -1)
    exact = ContinuousBernoulli(eta.double())
    torch.testing.assert_close(
        ContinuousBernoulli(eta).variance.double(), exact.variance, rtol=0, atol=2e-6
    )
    torch.testing.assert_close(
        ContinuousBernoulli(eta).mean.double(), exact.mean, rtol=0, atol=1e-6
    )
    leaf = eta.clone().requires_grad_()
    ContinuousBernoulli(leaf).log_prob(torch.full_like(eta, 0.7)).sum().backward()
    assert leaf.grad is not None
    # d/d eta of log p(x) is x - mean
    torch.testing.assert_close(leaf.grad.double(), 0.7 - exact.mean, rtol=0, atol=1e-5)


def test_gaussian_is_torchs_density_and_integrates_to_one() -> None:
    loc, var = logits(4, 3, 2, 2), logits(4, 3, 2, 2).exp()
    x = logits(4, 3, 2, 2, scale=1.0)
    expected = Normal(loc, var.sqrt()).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(Gaussian(loc, var).log_prob(x), expected)
    grid = torch.linspace(-8, 8, 100_001, dtype=torch.float64).reshape(-1, 1, 1, 1)
    one = Gaussian(torch.tensor(0.3), torch.tensor(0.5)).log_prob(grid).exp()
    assert torch.trapezoid(one, grid.flatten()).item() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_sample_means_are_the_stated_means_within_five_standard_errors(name: str) -> None:
    config = ModelConfig(likelihood=name, image_shape=(1, 8, 8))
    head = HEADS[name](config).double()
    output = logits(1, head.maps, 2, 2).expand(40_000, -1, -1, -1)
    likelihood: Likelihood = head(output)
    sample = likelihood.sample(torch.Generator().manual_seed(1))
    error = sample.std(0) / len(sample) ** 0.5
    mean = likelihood.mean.expand_as(sample)[0]
    assert ((sample.mean(0) - mean).abs() < 5 * error).all()
    squared = (sample - mean).square()
    error = squared.std(0) / len(sample) ** 0.5
    assert ((squared.mean(0) - likelihood.variance[0]).abs() < 5 * error).all()
    if likelihood.std is not None:
        torch.testing.assert_close(likelihood.std.square(), likelihood.variance)
    if name != "gaussian" and name != "gaussian_shared":
        assert sample.min() >= 0
        assert sample.max() <= 1


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_log_prob_is_one_finite_number_an_image_even_far_out(name: str) -> None:
    head = HEADS[name](ModelConfig(likelihood=name)).double()
    output = 1000 * logits(3, head.maps * 3, 4, 4)
    log_prob = head(output).log_prob(torch.rand(3, 3, 4, 4, dtype=torch.float64))
    assert log_prob.shape == (3,)
    assert log_prob.isfinite().all()


def test_the_gaussians_variance_never_falls_below_its_floor() -> None:
    likelihood = GaussianHead(min_std=0.05)(torch.full((1, 2, 4, 4), -1000.0))
    assert likelihood.std is not None
    torch.testing.assert_close(likelihood.std, torch.full((1, 1, 4, 4), 0.05))
