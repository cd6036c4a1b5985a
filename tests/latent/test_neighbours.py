import numpy as np
import pytest

from vaelab.latent.neighbours import nearest

CODES = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)


def test_they_are_the_nearest_in_order():
    z = np.random.default_rng(1).normal(size=(7, 5))
    found = nearest(CODES, z, 4)
    distances = np.linalg.norm(CODES[None].astype(float) - z[:, None], axis=2)
    np.testing.assert_array_equal(found.indices, np.argsort(distances, axis=1)[:, :4])
    np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :4])


def test_a_code_s_nearest_is_itself_at_distance_zero():
    found = nearest(CODES, CODES[13], 2)
    assert found.indices.shape == found.distances.shape == (2,)
    assert found.indices[0] == 13
    assert found.distances[0] == 0


def test_ties_go_to_the_first():
    assert nearest(np.zeros((5, 2)), [1.0, 1.0], 3).indices.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("z", "k", "message"),
    [([0.0] * 4, 1, "codes must be"), ([0.0] * 5, 0, "k must be 1 to 200"), ([0.0] * 5, 201, "k")],
)
def test_wrong_arguments_are_named(z, k, message):
    with pytest.raises(ValueError, match=message):
        nearest(CODES, z, k)
