import numpy as np
import pytest

from vaelab.latent.resample import resample

RNG = np.random.default_rng(0)


def test_points_are_evenly_spaced_along_the_line():
    corners = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]])
    np.testing.assert_allclose(resample(corners, 5), [[0, 0], [1, 0], [2, 0], [3, 0], [3, 1]])


def test_the_ends_are_exact_to_the_bit():
    corners = RNG.normal(size=(6, 3)) * 1e3
    found = resample(corners, 11)
    assert found[0].tobytes() == corners[0].tobytes()
    assert found[-1].tobytes() == corners[-1].tobytes()


def test_every_point_lies_on_the_line_and_the_length_is_kept():
    corners = RNG.normal(size=(5, 3))
    found = resample(corners, 2001)
    length = np.linalg.norm(np.diff(corners, axis=0), axis=1).sum()
    assert np.linalg.norm(np.diff(found, axis=0), axis=1).sum() == pytest.approx(length, rel=1e-3)


def test_corners_that_repeat_change_nothing():
    corners = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(resample(np.repeat(corners, 3, axis=0), 9), resample(corners, 9))


def test_a_line_without_length_stays_where_it_is():
    np.testing.assert_array_equal(resample([[1.0, 2.0]], 3), [[1, 2]] * 3)
    np.testing.assert_array_equal(resample([[1.0, 2.0]] * 2, 3), [[1, 2]] * 3)


@pytest.mark.parametrize(("points", "n"), [([], 3), ([1.0], 3), ([[1.0]], 1)])
def test_what_is_no_line_is_refused(points, n):
    with pytest.raises(ValueError, match="must be"):
        resample(points, n)
