"""The ELBO and its relatives by their identities, in float64."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from vaelab.models import VAE, Autoencoder, ModelConfig, build_model
from vaelab.models.likelihoods import Gaussian, Head
from vaelab.models.priors import StandardNormal
from vaelab.objectives import (
    distortion,
    elbo_terms,
    importance_log_weights,
    importance_weighted_bound,
    rate_per_dimension,
    training_loss,
)

D, K, STD = 64, 2, 0.5


class FixedHead(Head):
    """N(x; output, STD^2)."""

    def forward(self, output: Tensor) -> Gaussian:
        return Gaussian(output, torch.tensor(STD**2, dtype=output.dtype))


class Linear(nn.Module):
    """x = W z, with orthogonal columns so that the posterior is diagonal."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        basis, _ = torch.linalg.qr(torch.randn(D, K, generator=generator, dtype=torch.float64))
        self.weight = nn.Parameter(basis * torch.tensor([2.0, 0.7], dtype=torch.float64))

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        return (z @ self.weight.T).unflatten(1, (1, 8, 8))


class Posterior(nn.Module):
    """The exact posterior, its mean moved by `shift` standard deviations."""

    def __init__(self, decoder: Linear, shift: float) -> None:
        super().__init__()
        self.decoder, self.shift = decoder, shift

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        weight = self.decoder.weight
        precision = 1 + weight.square().sum(0) / STD**2
        mean = x.flatten(1) @ weight / STD**2 / precision + self.shift * precision.rsqrt()
        return torch.cat((mean, -precision.log().expand_as(mean)), 1)


def linear_gaussian(shift: float = 0.0) -> VAE:
    config = ModelConfig(latent_dim=K, likelihood="gaussian_shared")
    decoder = Linear()
    return VAE(config, Posterior(decoder, shift), decoder, FixedHead(), StandardNormal(K)).double()


def images(n: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(n, 1, 8, 8, generator=generator, dtype=torch.float64)


def exact_log_px(model: VAE, x: Tensor) -> Tensor:
    """log N(x; 0, W W' + STD^2 I)."""
    weight = next(model.decoder.parameters()).detach()
    covariance = weight @ weight.T + STD**2 * torch.eye(D, dtype=torch.float64)
    zeros = torch.zeros(D, dtype=torch.float64)
    return torch.distributions.MultivariateNormal(zeros, covariance).log_prob(x.flatten(1))


@torch.no_grad()
def test_one_sample_of_the_exact_posterior_gives_log_px_exactly() -> None:
    model, x = linear_gaussian(), images(7)
    bound = importance_weighted_bound(model, x, n_samples=1)
    torch.testing.assert_close(bound, exact_log_px(model, x))


@torch.no_grad()
def test_elbo_of_the_exact_posterior_is_log_px() -> None:
    model, x = linear_gaussian(), images(3)
    terms = elbo_terms(model, x, generator=torch.Generator().manual_seed(0), n_samples=4000)
    torch.testing.assert_close(terms.elbo, exact_log_px(model, x), rtol=0, atol=0.1)


@torch.no_grad()
def test_gap_of_the_elbo_is_the_posteriors_divergence() -> None:
    shift = 0.8
    model, x = linear_gaussian(shift), images(3)
    terms = elbo_terms(model, x, generator=torch.Generator().manual_seed(0), n_samples=4000)
    gap = exact_log_px(model, x) - terms.elbo
    torch.testing.assert_close(gap, torch.full_like(gap, K * shift**2 / 2), rtol=0, atol=0.1)


@torch.no_grad()
def test_the_importance_weighted_bound_rises_to_log_px() -> None:
    model, x = linear_gaussian(1.0), images(4)
    generator = torch.Generator().manual_seed(0)
    repeated = x.repeat(500, 1, 1, 1)
    means = [
        importance_weighted_bound(model, repeated, n_samples=s, generator=generator).mean().item()
        for s in (1, 5, 50)
    ]
    exact = exact_log_px(model, x).mean().item()
    assert means[0] < means[1] < means[2] < exact + 0.01
    assert exact - means[2] < 0.1 < exact - means[0]


@torch.no_grad()
def test_importance_sampling_reaches_log_px_within_a_hundredth_of_a_nat_a_dimension() -> None:
    model, x = linear_gaussian(0.5), images(5)
    bound = importance_weighted_bound(
        model, x, n_samples=5000, generator=torch.Generator().manual_seed(0)
    )
    assert ((bound - exact_log_px(model, x)).abs() < 0.01 * D).all()


@torch.no_grad()
def test_terms_are_per_image_and_add_up() -> None:
    model = build_model(ModelConfig(n_classes=3, latent_dim=4, prior="class_gaussian")).double()
    x, y = torch.rand(5, 1, 8, 8, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1])
    terms = elbo_terms(model, x, y, torch.Generator().manual_seed(0))
    assert terms.distortion.shape == terms.rate.shape == terms.elbo.shape == (5,)
    torch.testing.assert_close(terms.elbo, -terms.distortion - terms.rate)
    torch.testing.assert_close(rate_per_dimension(model, x, y).sum(1), terms.rate)
    assert (terms.rate >= 0).all()


@torch.no_grad()
def test_log_weights_are_the_joint_over_the_posterior() -> None:
    model = build_model(ModelConfig(latent_dim=3)).double()
    assert isinstance(model, VAE)
    x = torch.rand(2, 1, 8, 8, dtype=torch.float64)
    weights = importance_log_weights(model, x, None, 3, torch.Generator().manual_seed(4))
    posterior = model.encode(x)
    generator = torch.Generator().manual_seed(4)
    for row in weights:
        z = posterior.rsample(generator)
        joint = model.decode(z).log_prob(x) + model.prior(n=2).log_prob(z)
        torch.testing.assert_close(row, joint - posterior.log_prob(z))


@pytest.mark.parametrize("ask", [elbo_terms, importance_weighted_bound, rate_per_dimension])
def test_an_autoencoder_has_no_elbo_and_says_why(ask) -> None:  # type: ignore[no-untyped-def]
    model = build_model(ModelConfig(family="autoencoder"))
    with pytest.raises(ValueError, match="an autoencoder has no ELBO: its code is a point"):
        ask(model, torch.rand(1, 1, 8, 8))


def vae_loss(**weights: float) -> tuple[float, Tensor, Tensor]:
    model = build_model(ModelConfig(latent_dim=4)).double()
    x = torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    generator = torch.Generator().manual_seed(1)
    loss = training_loss(model, x, None, generator, **weights)  # type: ignore[arg-type]
    assert loss.rate is not None
    return loss.loss.item(), loss.distortion, loss.rate


def test_the_plain_loss_is_minus_the_mean_elbo() -> None:
    loss, distortions, rates = vae_loss()
    assert loss == pytest.approx((distortions + rates).mean().item())


def test_beta_weights_the_loss_and_never_the_reported_terms() -> None:
    loss, distortions, rates = vae_loss(beta=4.0)
    _, plain_distortions, plain_rates = vae_loss()
    assert torch.equal(distortions, plain_distortions)
    assert torch.equal(rates, plain_rates)
    assert loss == pytest.approx((distortions + 4 * rates).mean().item())


def test_free_bits_are_a_floor_on_the_mean_rate_of_each_dimension() -> None:
    loss, distortions, rates = vae_loss(free_bits=100.0)
    assert loss == pytest.approx(distortions.mean().item() + 4 * 100)
    assert rates.mean() < 400
    assert vae_loss(free_bits=1e-9)[0] == pytest.approx(vae_loss()[0])


def test_the_iwae_loss_is_minus_the_bound_with_the_same_noise() -> None:
    model = build_model(ModelConfig(latent_dim=4, n_classes=2)).double()
    x, y = torch.rand(3, 1, 8, 8, dtype=torch.float64), torch.tensor([0, 1, 1])
    loss = training_loss(model, x, y, torch.Generator().manual_seed(2), iwae_samples=5)
    bound = importance_weighted_bound(model, x, y, 5, torch.Generator().manual_seed(2))
    torch.testing.assert_close(loss.loss, -bound.mean())


def test_every_weight_of_a_vae_gets_a_gradient() -> None:
    config = ModelConfig(n_classes=2, prior="class_gaussian", likelihood="gaussian")
    model = build_model(config)
    x, y = torch.rand(8, 1, 8, 8), torch.arange(8) % 2
    training_loss(model, x, y, torch.Generator().manual_seed(0)).loss.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert (parameter.grad != 0).any(), name


def autoencoder(**settings: object) -> Autoencoder:
    config = ModelConfig(family="autoencoder", latent_dim=3, **settings)  # type: ignore[arg-type]
    model = build_model(config).double()
    assert isinstance(model, Autoencoder)
    return model


def test_the_sparse_penalty_is_the_codes_l1_norm() -> None:
    model = autoencoder(regulariser="sparse", regulariser_strength=2.0)
    x = torch.rand(4, 1, 8, 8, dtype=torch.float64)
    loss = training_loss(model, x, None, torch.Generator())
    penalty = 2 * model.encode(x).mean.abs().sum(1).mean()
    expected = distortion(model, x, model.encode(x).mean).mean() + penalty
    torch.testing.assert_close(loss.loss, expected)
    assert loss.rate is None


def test_the_contractive_penalty_estimates_the_squared_jacobian() -> None:
    model = autoencoder(regulariser="contractive", regulariser_strength=1.0)
    x = torch.rand(1, 1, 8, 8, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda x: model.encode(x).mean, x)
    exact = jacobian.square().sum().item()
    many = x.repeat(5_000, 1, 1, 1)
    loss = training_loss(model, many, None, torch.Generator().manual_seed(0))
    estimate = (loss.loss - loss.distortion.mean()).item()
    assert estimate == pytest.approx(exact, rel=4 * math.sqrt(2 / 5_000) * 2)
    loss.loss.backward()
    assert all(p.grad is not None for p in model.encoder.parameters())


def test_denoising_asks_for_the_clean_image() -> None:
    model = autoencoder(regulariser="denoise_gaussian", regulariser_strength=0.5)
    x = torch.rand(4, 1, 8, 8, dtype=torch.float64)
    loss = training_loss(model, x, None, torch.Generator().manual_seed(3))
    noisy = model.corrupt(x, torch.Generator().manual_seed(3))
    expected = distortion(model, x, model.encode(noisy).mean)
    torch.testing.assert_close(loss.distortion, expected)


def test_no_samples_have_no_mean() -> None:
    model = build_model(ModelConfig(latent_dim=2, width=8))
    for bound in (elbo_terms, importance_weighted_bound):
        with pytest.raises(ValueError, match="n_samples must be at least 1, got 0"):
            bound(model, torch.rand(2, 1, 8, 8), n_samples=0)
