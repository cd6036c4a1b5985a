import numpy as np
import pytest

from vaelab.latent.placement import place_by_neighbours
from vaelab.latent.project import project, restored

RNG = np.random.default_rng(0)
CENTRES = np.array([[0.0] * 6, [9.0] + [0.0] * 5, [0.0, 9.0] + [0.0] * 4])
CLASSES = np.repeat([0, 1, 2], 40)
CODES = (CENTRES[CLASSES] + 0.5 * RNG.normal(size=(120, 6))).astype(np.float32)
POINTS = RNG.normal(size=(120, 2)).astype(np.float32)


def test_codes_of_the_map_get_their_own_places():
    np.testing.assert_allclose(place_by_neighbours(CODES, POINTS, CODES), POINTS, atol=1e-6)


def test_a_place_lies_among_its_neighbours():
    new = CODES[:20] + 0.2 * RNG.normal(size=(20, 6))
    placed = place_by_neighbours(CODES, POINTS, new, k=3)
    for code, place in zip(new, placed, strict=True):
        near = POINTS[np.argsort(np.linalg.norm(CODES - code, axis=1))[:3]]
        assert (near.min(axis=0) - 1e-6 <= place).all()
        assert (place <= near.max(axis=0) + 1e-6).all()


def test_weights_are_shepards():
    codes = np.array([[1.0], [-2.0], [4.0]])
    points = np.array([[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
    weights = np.array([((4 - 1) / 4) ** 2, ((4 - 2) / 8) ** 2])  # the farthest has no weight
    expected = weights / weights.sum()
    np.testing.assert_allclose(place_by_neighbours(codes, points, [[0.0]])[0], expected, rtol=1e-6)


def test_the_place_moves_continuously_with_the_code():
    way = CODES[0] + np.linspace(0, 1, 4001)[:, None] * (CODES[100] - CODES[0])
    placed = place_by_neighbours(CODES, POINTS, way)
    steps = np.linalg.norm(np.diff(placed, axis=0), axis=1)
    assert steps.max() < 0.05
    assert np.linalg.norm(placed[0] - placed[-1]) > 0.05


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_a_restored_map_puts_new_codes_where_the_fitted_one_does(name):
    drawn = project(name, CODES)
    again = restored(name, drawn.title, CODES, drawn.points)
    assert (again.title, again.axis_labels) == (drawn.title, drawn.axis_labels)
    np.testing.assert_array_equal(again.points, drawn.points)
    new = CENTRES[CLASSES[::10]] + 0.3 * RNG.normal(size=(12, 6))
    centres = np.stack([drawn.points[c == CLASSES].mean(0) for c in range(3)])
    distances = np.linalg.norm(again.place(new)[:, None] - centres, axis=2)
    assert (distances.argmin(1) == CLASSES[::10]).all()
    apart = np.linalg.norm(again.place(new) - drawn.place(new), axis=1)
    assert np.median(apart) < 0.2 * np.linalg.norm(np.ptp(drawn.points, axis=0))


def test_equal_and_few_codes_are_no_error():
    assert place_by_neighbours([[1.0]], [[2.0, 3.0]], [[5.0]]).tolist() == [[2.0, 3.0]]
    same = place_by_neighbours(np.zeros((4, 2)), POINTS[:4], np.zeros((1, 2)))
    np.testing.assert_allclose(same[0], POINTS[:4].mean(axis=0), rtol=1e-5)
    around = place_by_neighbours([[1.0], [-1.0]], [[0.0, 0.0], [2.0, 4.0]], [[0.0]])
    np.testing.assert_allclose(around[0], [1.0, 2.0])
    far = place_by_neighbours(CODES, POINTS, [[1e30] * 6])
    assert np.isfinite(far).all()
    assert place_by_neighbours(CODES, POINTS, np.zeros((0, 6))).shape == (0, 2)


@pytest.mark.parametrize(
    ("points", "new", "k", "message"),
    [
        (POINTS[:5], CODES[:1], 3, "points must be"),
        (POINTS, CODES[0], 3, "new must be of shape"),
        (POINTS, CODES[:1] * np.nan, 3, "finite"),
        (POINTS, CODES[:1], 0, "k must be at least 1"),
        (POINTS, CODES[:1, :4], 3, "codes must be"),
    ],
)
def test_wrong_arguments_are_named(points, new, k, message):
    with pytest.raises(ValueError, match=message):
        place_by_neighbours(CODES, points, new, k)


def test_only_slow_maps_are_restored():
    with pytest.raises(ValueError, match="one of tsne, umap"):
        restored("pca", "PCA", CODES, POINTS)
    with pytest.raises(ValueError, match="finite"):
        restored("umap", "UMAP", CODES, POINTS * np.nan)
