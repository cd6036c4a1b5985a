import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from vaelab.latent.project import project
from vaelab.latent.projection_quality import evenly_spaced, measure_quality, point_trust

RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(300, 6))
POINTS = project("pca", CODES).points
LABELS = (CODES[:, 0] > 0).astype(np.int64)


@pytest.mark.parametrize("k", [1, 5, 15])
def test_trustworthiness_and_continuity_are_those_of_scikit_learn(k):
    quality = measure_quality(CODES, POINTS, k=k)
    expected = trustworthiness(CODES, POINTS, n_neighbors=k)
    exchanged = trustworthiness(POINTS, CODES, n_neighbors=k)
    assert quality.trustworthiness == pytest.approx(expected, abs=1e-5)
    assert quality.continuity == pytest.approx(exchanged, abs=1e-5)
    assert (quality.k, quality.n, quality.neighbour_hit) == (k, 300, None)


def test_the_points_mean_is_the_maps_trustworthiness():
    quality = measure_quality(CODES, POINTS)
    assert point_trust(CODES, POINTS).mean() == pytest.approx(quality.trustworthiness)


def test_a_map_that_keeps_the_space_is_fully_trusted():
    plane = CODES[:, :2]
    turned = plane @ np.array([[0.6, -0.8], [0.8, 0.6]]) * 3 + 100
    quality = measure_quality(plane, turned)
    assert quality.trustworthiness == pytest.approx(1, abs=1e-4)
    assert quality.continuity == pytest.approx(1, abs=1e-4)


def test_a_random_map_is_not():
    assert measure_quality(CODES, RNG.normal(size=(300, 2))).trustworthiness < 0.6


def test_a_code_put_among_strangers_is_the_one_not_trusted():
    codes = CODES[:, :2] + np.repeat([[0.0, 0.0], [30.0, 0.0]], 150, axis=0)
    points = codes.copy()
    points[7] = points[200] + 0.01  # a code of the first group, drawn in the second
    trust = point_trust(codes, points, k=5)
    assert trust.argmin() == 7
    assert trust[7] < 0.6
    assert np.median(trust) > 0.99


def test_neighbour_hit_is_the_share_of_equal_labels_among_neighbours_on_the_map():
    distances = np.linalg.norm(POINTS[:, None] - POINTS, axis=2)
    np.fill_diagonal(distances, np.inf)
    near = np.argsort(distances, axis=1)[:, :15]
    expected = (LABELS[near] == LABELS[:, None]).mean()
    assert measure_quality(CODES, POINTS, LABELS).neighbour_hit == pytest.approx(expected)


def test_many_codes_are_measured_on_some_of_them_evenly_spaced():
    quality = measure_quality(CODES, POINTS, LABELS, most=100)
    rows = evenly_spaced(300, 100)
    assert quality.n == 100
    assert quality == measure_quality(CODES[rows], POINTS[rows], LABELS[rows])
    assert list(evenly_spaced(10, 4)) == [0, 2, 5, 7]
    assert list(evenly_spaced(3, 5)) == [0, 1, 2]


def test_each_of_many_points_is_ranked_among_some():
    exact, estimated = point_trust(CODES, POINTS), point_trust(CODES, POINTS, k=8, most=150)
    assert len(estimated) == 300
    assert np.corrcoef(exact, estimated)[0, 1] > 0.6
    few = point_trust(CODES, POINTS, [3, 200], k=8, most=150)
    np.testing.assert_allclose(few, estimated[[3, 200]], atol=1e-6)


def test_progress_reaches_the_end():
    heard = []
    point_trust(CODES, POINTS, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_codes_have_no_quality(n):
    assert measure_quality(CODES[:n], POINTS[:n]) is None
    assert list(point_trust(CODES[:n], POINTS[:n])) == [1] * n


def test_equal_codes_are_no_error():
    quality = measure_quality(np.zeros((40, 3)), np.zeros((40, 2)), np.zeros(40))
    assert quality.trustworthiness == 1
    assert quality.neighbour_hit == 1


@pytest.mark.parametrize(
    ("points", "k", "message"), [(POINTS[:9], 5, "codes must be"), (POINTS, 0, "k must be")]
)
def test_wrong_arguments_are_named(points, k, message):
    with pytest.raises(ValueError, match=message):
        measure_quality(CODES, points, k=k)
    with pytest.raises(ValueError, match=message):
        point_trust(CODES, points, k=k)
