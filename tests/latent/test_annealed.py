import torch

from vaelab.latent.annealed import AnnealedChains, effective_number, systematic
from vaelab.models.gaussian import DiagonalGaussian


def test_systematic_draws_come_as_often_as_they_weigh():
    weights = torch.tensor([[0.5, 0.25, 0.25, 0.0]]).T.double().log()
    rows = systematic(weights, 8, torch.Generator().manual_seed(3))
    assert rows.T.tolist() == [[0, 0, 0, 0, 1, 1, 2, 2]]


def test_weights_count_as_many_chains_as_are_equal():
    weights = torch.tensor([[0.0, 3.0], [0.0, 3.0], [0.0, -torch.inf]]).double()
    torch.testing.assert_close(effective_number(weights), torch.tensor([3.0, 2.0]).double())


def test_chains_drawn_anew_keep_the_estimate_and_their_own_values():
    """x = z + noise: log p(x) = log N(x; 0, 1 + 0.1) in each of two dimensions."""
    x, var = torch.tensor([[1.0], [-2.0]]).double(), 0.1
    zeros = torch.zeros_like(x)
    likelihood = DiagonalGaussian(x, zeros + torch.tensor(var).log())
    generator = torch.Generator().manual_seed(0)

    def distortion(z):
        return -likelihood.log_prob(z)

    chains = AnnealedChains(DiagonalGaussian(zeros, zeros), distortion, 3, 2_000, generator)
    step = chains.first_step() * 3
    for t in range(20):
        chains.anneal(t / 20, (t + 1) / 20, step)
        before = chains.log_normaliser
        chains.resample(0.9)
        torch.testing.assert_close(chains.log_normaliser, before)
    torch.testing.assert_close(chains.distortion, distortion(chains.z))
    exact = DiagonalGaussian(zeros, zeros + torch.tensor(1 + var).log()).log_prob(x)
    torch.testing.assert_close(chains.log_normaliser, exact, atol=0.1, rtol=0)
    assert (chains.origin.min(0).values >= 0).all()
    assert len(chains.origin[:, 0].unique()) < 2_000
    estimate = chains.log_normaliser
    chains.draw(50)
    torch.testing.assert_close(chains.log_normaliser, estimate)
    torch.testing.assert_close(chains.distortion, distortion(chains.z))
    assert chains.z.shape == (50, 2, 1)
