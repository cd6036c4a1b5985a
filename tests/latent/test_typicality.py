import numpy as np
import pytest

from vaelab.latent.typicality import ROWS, neighbour_distances


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
