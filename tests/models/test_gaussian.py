"""The Gaussian's density, divergence and noise against torch.distributions and Monte Carlo."""

from __future__ import annotations

import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from vaelab.models import DiagonalGaussian, PointCode


def gaussian(seed: int, shape: tuple[int, int] = (5, 3)) -> DiagonalGaussian:
    generator = torch.Generator().manual_seed(seed)
    draw = torch.randn(2, *shape, generator=generator, dtype=torch.float64)
    return DiagonalGaussian(draw[0], draw[1])


def as_torch(q: DiagonalGaussian) -> Normal:
    return Normal(q.mean, q.std)


def test_kl_is_torchs() -> None:
    q, p = gaussian(0), gaussian(1)
    torch.testing.assert_close(q.kl(p), kl_divergence(as_torch(q), as_torch(p)))


def test_kl_against_the_standard_normal_is_kingma_and_welling_equation_10() -> None:
    q = gaussian(2)
    zeros = torch.zeros_like(q.mean)
    expected = -0.5 * (1 + q.log_var - q.mean**2 - q.log_var.exp())
    torch.testing.assert_close(q.kl(DiagonalGaussian(zeros, zeros)), expected)


def test_kl_is_zero_only_for_the_same_gaussian() -> None:
    q = gaussian(3)
    assert torch.equal(q.kl(q), torch.zeros_like(q.mean))
    assert (q.kl(gaussian(4)) > 0).all()


def test_kl_is_the_mean_log_ratio_within_four_standard_errors() -> None:
    q, p = gaussian(5, (1, 3)), gaussian(6, (1, 3))
    n = 100_000
    many = DiagonalGaussian(q.mean.expand(n, -1), q.log_var.expand(n, -1))
    z = many.rsample(torch.Generator().manual_seed(0))
    ratio = q.log_prob(z) - p.log_prob(z)
    standard_error = ratio.std() / n**0.5
    assert abs(ratio.mean() - q.kl(p).sum()) < 4 * standard_error


def test_log_prob_is_torchs_also_for_stacked_samples() -> None:
    q = gaussian(7)
    z = torch.randn(4, 5, 3, dtype=torch.float64)
    torch.testing.assert_close(q.log_prob(z), Independent(as_torch(q), 1).log_prob(z))


def test_rsample_follows_its_generator_and_reaches_mean_and_variance() -> None:
    q = gaussian(8)
    first, again = (q.rsample(torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, again)
    mean = q.mean.clone().requires_grad_()
    log_var = q.log_var.clone().requires_grad_()
    DiagonalGaussian(mean, log_var).rsample().sum().backward()
    assert mean.grad is not None and log_var.grad is not None  # noqa: PT018
    assert torch.equal(mean.grad, torch.ones_like(mean))
    assert (log_var.grad != 0).all()


def test_a_point_code_samples_itself_and_has_no_density() -> None:
    code = PointCode(torch.randn(2, 3))
    assert torch.equal(code.rsample(), code.mean)
    assert code.log_var is None
    with pytest.raises(AttributeError):
        code.kl  # type: ignore[attr-defined]  # noqa: B018
