"""p(c|x) against classes whose log p(x|c) is known: x = W z + offset_c + noise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.linear_gaussian import SIDE, LinearHead, linear_vae, marginal
from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.class_posterior import ClassLikelihoods, class_likelihoods
from vaelab.models import VAE, ModelConfig, build_model

STD = 0.3
OFFSETS = np.array([0.45, 0.5, 0.53])  # near each other: no class is certain
PRIOR = np.array([0.2, 0.5, 0.3])
WIDE = (1.3, 1.6, 2.0)


class ByClass(nn.Module):
    """The network of each row's class; class weights are one-hot."""

    def __init__(self, networks: list[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, value: Tensor, c: Tensor) -> Tensor:
        every = torch.stack([network(value, None) for network in self.networks])
        return every[c.argmax(1), torch.arange(len(value))]


@dataclass(frozen=True)
class Known:
    """A conditional model, images of it, and their log p(x|c) in closed form: (N, 3), nats."""

    model: VAE
    images: ImageDataset
    log_px: np.ndarray

    def posterior(self, prior: np.ndarray) -> np.ndarray:
        joint = self.log_px + np.log(prior)
        return np.exp(joint - np.logaddexp.reduce(joint, axis=1)[:, None])


def known(stretches: tuple[float, ...], order: tuple[int, ...] = (0, 1, 2)) -> Known:
    parts = [linear_vae(stretches[c], std=STD, offset=OFFSETS[c]) for c in order]
    config = replace(parts[0].config, n_classes=3)
    model = VAE(
        config,
        ByClass([part.encoder for part in parts]),
        ByClass([part.decoder for part in parts]),
        LinearHead(STD),
        parts[0].prior_network,
    )
    rng = np.random.default_rng(0)
    grey = rng.normal(0.5, STD, size=(11, 1, SIDE, SIDE)).clip(0, 1)
    images = ImageDataset("grey", (255 * grey).round().astype(np.uint8), None, (), "test")
    x = torch.from_numpy(images.images).double().flatten(1) / 255
    exact = torch.stack([marginal(part).log_prob(x) for part in parts], 1)
    return Known(model.double(), images, exact.detach().numpy())


@pytest.fixture(scope="module")
def stretched() -> Known:
    """Its encoders are wider than the true posteriors, each in its own way: they err."""
    return known(WIDE)


def test_the_true_posterior_gives_the_closed_form_without_error():
    exact = known((1.0, 1.0, 1.0))
    found = class_likelihoods(exact.model, exact.images, n_samples=3, batch_size=4)
    np.testing.assert_allclose(found.log_px, exact.log_px, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.effective_samples, 3, rtol=1e-9)
    posterior = found.posterior(PRIOR)
    np.testing.assert_allclose(posterior.probability, exact.posterior(PRIOR), rtol=0, atol=1e-9)
    np.testing.assert_allclose(posterior.standard_error, 0, atol=1e-9)
    joint = exact.log_px + np.log(PRIOR)
    np.testing.assert_allclose(posterior.log_px, np.logaddexp.reduce(joint, axis=1), atol=1e-9)
    assert (posterior.best == exact.posterior(PRIOR).argmax(1)).all()


def test_a_wrong_posterior_reaches_it_within_four_standard_errors(stretched):
    found = class_likelihoods(stretched.model, stretched.images, n_samples=2_000).posterior(PRIOR)
    true = stretched.posterior(PRIOR)
    assert ((true > 0.02) & (true < 0.98)).mean() > 0.5  # there is something to be wrong about
    assert (found.standard_error < 0.03).all()
    assert (np.abs(found.probability - true) < 4 * found.standard_error + 1e-9).all()
    np.testing.assert_allclose(found.probability.sum(axis=1), 1, rtol=1e-12)


def test_the_standard_error_is_the_spread_of_repeats(stretched):
    runs = [
        class_likelihoods(stretched.model, stretched.images, n_samples=60, seed=seed).posterior(
            PRIOR
        )
        for seed in range(40)
    ]
    spread = np.std([run.probability for run in runs], axis=0, ddof=1)
    assert np.mean([run.standard_error for run in runs]) == pytest.approx(spread.mean(), rel=0.1)


def test_what_the_shared_noise_does_to_all_classes_alike_cancels():
    """Weights that are the same multiple of log p(x|c): two samples suffice."""
    alike = known((1.6, 1.6, 1.6))
    found = class_likelihoods(alike.model, alike.images, n_samples=2)
    assert np.abs(found.log_px - alike.log_px).max() > 0.1
    posterior = found.posterior(PRIOR)
    np.testing.assert_allclose(posterior.probability, alike.posterior(PRIOR), rtol=0, atol=1e-9)
    np.testing.assert_allclose(posterior.standard_error, 0, atol=1e-6)


def test_the_order_of_the_classes_makes_no_difference(stretched):
    turned = known(WIDE, (2, 0, 1))
    first = class_likelihoods(stretched.model, stretched.images, n_samples=20, seed=3)
    again = class_likelihoods(turned.model, turned.images, n_samples=20, seed=3)
    np.testing.assert_allclose(again.log_px, first.log_px[:, [2, 0, 1]], rtol=1e-12)
    expected, found = first.posterior(PRIOR), again.posterior(PRIOR[[2, 0, 1]])
    np.testing.assert_allclose(found.probability, expected.probability[:, [2, 0, 1]], rtol=1e-9)
    np.testing.assert_allclose(
        found.standard_error, expected.standard_error[:, [2, 0, 1]], rtol=1e-6, atol=1e-12
    )


def test_a_class_without_prior_has_no_posterior_and_distant_ones_do_not_overflow():
    log_px = np.array([[-1e5, -1e5 - 2, -3e5]])
    likelihoods = ClassLikelihoods(log_px, np.ones((1, 3)), np.eye(3)[None], 10)
    found = likelihoods.posterior([0.5, 0.5, 0])
    odds = np.exp(-2.0)
    np.testing.assert_allclose(found.probability, [[1 / (1 + odds), odds / (1 + odds), 0]])
    # two classes: d p / d log p(x|k) is +-p (1 - p), each with variance 1
    p = 1 / (1 + odds)
    np.testing.assert_allclose(found.standard_error[0, 0], np.sqrt(2) * p * (1 - p))
    assert likelihoods.posterior([0, 0, 1]).probability.tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("prior", [[0.5, 0.5], [0.5, 0.4, 0.2], [1.5, -0.5, 0], [np.nan, 0, 1]])
def test_a_prior_is_a_distribution_over_the_classes(prior):
    likelihoods = ClassLikelihoods(np.zeros((1, 3)), np.ones((1, 3)), np.zeros((1, 3, 3)), 10)
    with pytest.raises(ValueError, match="prior must be"):
        likelihoods.posterior(prior)


def test_refusals(stretched):
    with pytest.raises(ValueError, match="n_samples must be at least 2, got 1"):
        class_likelihoods(stretched.model, stretched.images, n_samples=1)
    with pytest.raises(ValueError, match="must be conditional"):
        class_likelihoods(build_model(ModelConfig(latent_dim=2, width=8)), stretched.images)
