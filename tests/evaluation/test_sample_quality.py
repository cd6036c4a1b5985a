import numpy as np
import pytest

from vaelab.evaluation.sample_quality import confusion_matrix, frechet_distance, precision_recall


def gaussian(n, mean, std, seed):
    """Points whose mean and covariance are exactly as asked."""
    x = np.random.default_rng(seed).normal(size=(n, len(mean)))
    x -= x.mean(axis=0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(x, rowvar=False)))).T
    return x * std + mean


def test_a_set_is_at_no_distance_from_itself():
    x = gaussian(50, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0)
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-9)


def test_two_gaussians_have_the_closed_form():
    """Diagonal covariances: |m - m'|^2 + sum (s - s')^2."""
    a = gaussian(60, [0.0, 0.0], [1.0, 2.0], 0)
    b = gaussian(80, [3.0, 4.0], [1.5, 0.5], 1)
    assert frechet_distance(a, b) == pytest.approx(25 + 0.5**2 + 1.5**2)
    assert frechet_distance(b, a) == pytest.approx(frechet_distance(a, b))


def test_it_does_not_change_under_a_rotation():
    a, b = gaussian(60, [0.0, 0.0], [1.0, 2.0], 0), gaussian(60, [1.0, 0.0], [2.0, 1.0], 1)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b))


def test_a_dead_feature_is_no_trouble():
    a = np.c_[gaussian(50, [0.0], [1.0], 0), np.zeros(50)]
    assert frechet_distance(a, a + np.array([2.0, 0.0])) == pytest.approx(4)
    with pytest.raises(ValueError, match="2 or more"):
        frechet_distance(a[:1], a)


def test_equal_sets_are_precise_and_complete():
    x = np.random.default_rng(0).normal(size=(200, 3))
    result = precision_recall(x, x)
    assert result.precision.all()
    assert result.recall.all()


def test_samples_of_one_mode_are_precise_but_miss_the_other():
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(300, 2)), rng.normal(size=(300, 2)) + 100
    result = precision_recall(np.r_[one, two], rng.normal(size=(600, 2)))
    assert result.precision.mean() > 0.9
    assert result.recall[:300].mean() > 0.9
    assert not result.recall[300:].any()
    far = precision_recall(one, two)
    assert not far.precision.any()
    with pytest.raises(ValueError, match="more than 3 points"):
        precision_recall(one[:3], two)


def test_a_point_on_the_third_neighbours_ball_is_inside():
    """On a line 0 1 2 3: radii 3, 2, 2, 3."""
    real = np.arange(4.0)[:, None]
    samples = np.array([[-3.0], [-3.1], [6.0], [6.1], [2.5]])
    assert precision_recall(real, samples).precision.tolist() == [True, False, True, False, True]


def test_a_confusion_matrix_has_shares_by_row():
    matrix = confusion_matrix(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1]), 3)
    assert matrix.tolist() == [[0.5, 0, 0.5], [0, 1, 0], [0, 0, 0]]
