import numpy as np
import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vaelab.latent.typicality import ROWS, aggregate_log_density, neighbour_distances


@pytest.mark.parametrize("k", [1, 3, 9])
def test_distances_are_those_of_sorting_all_pairs(k):
    codes = np.random.default_rng(0).normal(size=(ROWS + 7, 5))
    pairs = np.sqrt(np.square(codes[:, None] - codes).sum(axis=2))
    np.testing.assert_allclose(neighbour_distances(codes, k), np.sort(pairs)[:, k], atol=1e-9)


def test_equal_codes_are_at_no_distance():
    assert neighbour_distances(np.ones((4, 2)), 3).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("codes", "k"), [(np.ones((4, 2)), 4), (np.ones((4, 2)), 0), ([1, 2], 1)])
def test_what_cannot_be_measured_is_refused(codes, k):
    with pytest.raises(ValueError, match="must be"):
        neighbour_distances(codes, k)


def test_the_aggregate_posterior_is_a_mixture_of_its_posteriors():
    rng = np.random.default_rng(0)
    z, mean, log_var = rng.normal(size=(ROWS + 3, 4)), *rng.normal(size=(2, 6, 4))
    parts = Independent(Normal(torch.tensor(mean), torch.tensor(np.exp(0.5 * log_var))), 1)
    mixture = MixtureSameFamily(Categorical(torch.ones(6, dtype=torch.float64)), parts)
    expected = mixture.log_prob(torch.tensor(z)).numpy()
    np.testing.assert_allclose(aggregate_log_density(z, mean, log_var), expected, atol=1e-9)


def test_leaving_a_component_out_is_as_if_it_were_not_there():
    rng = np.random.default_rng(1)
    z, (mean, log_var) = rng.normal(size=(1, 2)), rng.normal(size=(2, 5, 2))
    np.testing.assert_allclose(
        aggregate_log_density(z, mean, log_var, leave_out=np.array([4])),
        aggregate_log_density(z, mean[:4], log_var[:4]),
    )


def test_shapes_that_disagree_are_refused():
    with pytest.raises(ValueError, match="must be"):
        aggregate_log_density(np.ones((2, 3)), np.ones((4, 2)), np.ones((4, 2)))
