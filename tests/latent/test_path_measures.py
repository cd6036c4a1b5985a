import numpy as np
import pytest

from vaelab.latent.neighbours import nearest
from vaelab.latent.path_measures import class_votes, nearest_of, picture_steps

RNG = np.random.default_rng(0)


def test_from_black_to_white_is_the_root_of_the_number_of_pixels():
    pictures = np.stack([np.full((3, 4, 5), level) for level in (0, 0.25, 1)])
    np.testing.assert_allclose(picture_steps(pictures), np.sqrt(60) * np.array([0.25, 0.75]))


def test_no_path_is_shorter_than_the_cross_fade():
    pictures = RNG.uniform(size=(9, 1, 8, 8))
    assert picture_steps(pictures).sum() >= picture_steps(pictures[[0, -1]]).sum()


def test_votes_are_shares_of_the_nearest_codes():
    codes = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
    votes = class_votes([[1.0], [11.0], [5.9]], codes, np.array([0, 0, 0, 2, 2, 2]), 3, k=3)
    np.testing.assert_allclose(votes, [[1, 0, 0], [0, 0, 1], [2 / 3, 0, 1 / 3]])


def test_with_few_codes_all_of_them_vote():
    np.testing.assert_allclose(
        class_votes([[0.0]], [[0.0], [9.0]], np.array([0, 1]), 2), [[0.5, 0.5]]
    )


def test_many_points_at_once_find_what_one_by_one_they_find():
    codes, z = RNG.normal(size=(700, 5)), RNG.normal(size=(600, 5))
    indices, distances = nearest_of(z, codes, 4)
    found = nearest(codes, z, 4)
    np.testing.assert_array_equal(indices, found.indices)
    np.testing.assert_allclose(distances, found.distances, rtol=1e-9)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="pictures must be"):
        picture_steps(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="labels must be"):
        class_votes([[0.0]], [[0.0]], np.array([0, 1]), 2)
    with pytest.raises(ValueError, match="k must be"):
        nearest_of([[0.0]], [[0.0]], 2)
    with pytest.raises(ValueError, match="z must be"):
        nearest_of([0.0], [[0.0]], 1)
