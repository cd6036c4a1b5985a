"""Steps learned on pilot chains follow the posterior's widths and leave it as it is."""

import numpy as np
import pytest
import torch

from vaelab.latent.annealed import TARGET_ACCEPTANCE, AnnealedChains, schedule
from vaelab.latent.leapfrog_steps import LeapfrogSteps
from vaelab.models import DiagonalGaussian

PRECISION = torch.tensor([[0.0, 99.0, 2499.0], [8.0, 8.0, 8.0]])  # of what is annealed to, (B, K)


def distortion(z):
    return 0.5 * (PRECISION * z.square()).sum(-1)


@pytest.fixture(scope="module")
def learned():
    """For two images, one of them with widths of 1, 1/10 and 1/50."""
    prior = DiagonalGaussian(torch.zeros(2, 3), torch.zeros(2, 3))
    pilot = AnnealedChains(prior, distortion, 2, 16, torch.Generator().manual_seed(0))
    steps = LeapfrogSteps(pilot)
    betas = schedule(60)[1:]
    found = [steps.at(float(beta)) for beta in betas]
    for _ in range(40):
        found.append(steps.at(1.0))
    return pilot, found


def test_a_step_is_as_wide_as_its_dimension(learned):
    _, found = learned
    widths = (1 + PRECISION).rsqrt()
    relative = torch.stack(found[-20:]).mean(0) / widths
    ratio = relative / relative.mean(1, keepdim=True)  # (B, K)
    assert ((ratio > 0.7) & (ratio < 1.4)).all()
    at_the_prior = found[0]
    assert (at_the_prior == at_the_prior[:1, :1]).all()


def test_the_chains_keep_to_the_posterior_at_the_target_acceptance(learned):
    pilot, found = learned
    chains = AnnealedChains(pilot.prior, distortion, 2, 400, torch.Generator().manual_seed(1))
    betas = schedule(60)
    for before, beta, step in zip(betas[:-1], betas[1:], found, strict=False):
        chains.anneal(float(before), float(beta), step)
        chains.resample()
    chains.accepted.zero_()
    for _ in range(40):
        chains.transition(1.0, found[-1])
    assert float(chains.accepted.mean()) / 40 == pytest.approx(TARGET_ACCEPTANCE, abs=0.12)
    expected = (1 + PRECISION).rsqrt().numpy()
    error = 4 * expected / np.sqrt(2 * 400)
    assert (abs(chains.u.std(0).numpy() - expected) < error).all()
    assert (abs(chains.u.mean(0).numpy()) < 4 * expected / 20).all()
    exact = -0.5 * (1 + PRECISION).log().sum(1)
    assert np.allclose(chains.log_normaliser.numpy(), exact.numpy(), atol=0.5)
