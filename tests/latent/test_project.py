import numpy as np
import pytest

from vaelab.latent.project import PROJECTIONS, project

RNG = np.random.default_rng(0)
CENTRES = np.array([[0.0] * 6, [9.0] + [0.0] * 5, [0.0, 9.0] + [0.0] * 4])
CLASSES = np.repeat([0, 1, 2], 40)
CODES = (CENTRES[CLASSES] + 0.5 * RNG.normal(size=(120, 6))).astype(np.float32)


@pytest.mark.parametrize("name", PROJECTIONS)
def test_a_map_is_repeatable_and_finite(name):
    first, second = project(name, CODES, seed=3), project(name, CODES, seed=3)
    np.testing.assert_array_equal(first.points, second.points)
    np.testing.assert_array_equal(first.place(CODES[:4]), second.place(CODES[:4]))
    assert first.name == name
    assert first.points.shape == (120, 2)
    assert first.points.dtype == np.float32
    assert np.isfinite(first.points).all()
    assert first.title
    assert all(first.axis_labels)


@pytest.mark.parametrize("name", ["pca", "tsne", "umap"])
def test_neighbours_stay_together_and_new_codes_join_their_class(name):
    drawn = project(name, CODES)
    centres = np.stack([drawn.points[c == CLASSES].mean(0) for c in range(3)])
    new = CENTRES[CLASSES[::10]] + 0.3 * RNG.normal(size=(12, 6))
    for points, classes in ((drawn.points, CLASSES), (drawn.place(new), CLASSES[::10])):
        distances = np.linalg.norm(points[:, None] - centres, axis=2)
        assert (distances.argmin(1) == classes).all()


@pytest.mark.parametrize("name", PROJECTIONS)
def test_placing_leaves_the_map_where_it_is(name):
    drawn = project(name, CODES)
    before = drawn.points.copy()
    first = drawn.place(CODES[:3] + 0.1)
    second = drawn.place(CODES[:3] + 0.1)
    np.testing.assert_array_equal(drawn.points, before)
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-4)
    assert first.dtype == np.float32
    assert drawn.place(np.zeros((0, 6))).shape == (0, 2)


@pytest.mark.parametrize("name", ["pca", "dims"])
def test_a_linear_map_puts_its_own_codes_on_their_points(name):
    drawn = project(name, CODES, dims=(4, 1))
    np.testing.assert_allclose(drawn.place(CODES), drawn.points, atol=1e-5)


def test_pca_is_that_of_scikit_learn_up_to_sign():
    from sklearn.decomposition import PCA

    engine = PCA(2).fit(CODES.astype(float))
    expected = engine.transform(CODES.astype(float))
    drawn = project("pca", CODES)
    np.testing.assert_allclose(np.abs(drawn.points), np.abs(expected), atol=1e-4)
    np.testing.assert_allclose(drawn.explained_variance, engine.explained_variance_ratio_)
    assert drawn.title == f"PCA: {engine.explained_variance_ratio_.sum():.0%} of the variance"


def test_the_plane_of_a_linear_map_is_a_plane_of_the_latent_space():
    for drawn in (project("pca", CODES), project("dims", CODES, dims=(4, 1))):
        places = RNG.normal(size=(7, 2))
        np.testing.assert_allclose(drawn.place(drawn.inverse.codes(places)), places, atol=1e-5)
    others = [0, 2, 3, 5]
    medians = np.median(CODES.astype(float), axis=0)[others]
    np.testing.assert_allclose(drawn.inverse.codes([[3.0, -2.0]])[0, others], medians)
    np.testing.assert_array_equal(drawn.inverse.codes([[3.0, -2.0]])[0, [4, 1]], [3, -2])


def test_pca_undoes_a_plane_exactly():
    drawn = project("pca", CODES[:, :2])
    np.testing.assert_allclose(drawn.inverse.codes(drawn.points), CODES[:, :2], atol=1e-5)


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_a_slow_map_says_how_far_it_is(name):
    heard = []
    drawn = project(name, CODES, progress=lambda fraction, message: heard.append(fraction))
    assert len(heard) >= 4
    assert heard == sorted(heard)
    assert heard[0] == 0
    assert heard[-1] == 1
    drawn.place(CODES[:2] + 0.1)
    assert heard[-1] == 1
    assert drawn.inverse is None


def test_two_dimensions_are_shown_as_they_are():
    drawn = project("dims", CODES, dims=(4, 1))
    np.testing.assert_array_equal(drawn.points, CODES[:, [4, 1]])
    assert drawn.axis_labels == ("z5", "z2")


@pytest.mark.parametrize("name", PROJECTIONS)
def test_one_dimensional_codes_work(name):
    codes = CODES[:, :1]
    drawn = project(name, codes)
    assert drawn.points.shape == (120, 2)
    assert np.isfinite(drawn.points).all()
    assert drawn.place(codes[:2]).shape == (2, 2)
    if name in ("pca", "dims"):
        assert (drawn.points[:, 1] == 0).all()
        assert drawn.axis_labels[1] == ""
        assert drawn.explained_variance == pytest.approx((1, 0))


@pytest.mark.parametrize("name", PROJECTIONS)
@pytest.mark.parametrize("codes", [CODES[:5], np.zeros((30, 4))], ids=["five codes", "all equal"])
def test_poor_codes_still_give_a_map(name, codes):
    drawn = project(name, codes)
    assert np.isfinite(drawn.points).all()
    assert np.isfinite(drawn.place(codes[:2])).all()


@pytest.mark.parametrize("name", ["tsne", "umap"])
def test_too_few_codes_are_refused_in_a_sentence(name):
    with pytest.raises(ValueError, match="needs 5 or more codes, got 4"):
        project(name, CODES[:4])


@pytest.mark.parametrize(
    ("name", "codes", "dims", "message"),
    [
        ("isomap", CODES, (0, 1), "must be one of pca, dims, tsne, umap, got 'isomap'"),
        ("pca", CODES[0], (0, 1), "shape"),
        ("pca", CODES[:0], (0, 1), "1 or more codes"),
        ("pca", CODES * np.nan, (0, 1), "finite"),
        ("dims", CODES, (0, 6), "0 to 5"),
        ("dims", CODES, (-1, 0), "0 to 5"),
    ],
)
def test_wrong_arguments_are_named(name, codes, dims, message):
    with pytest.raises(ValueError, match=message):
        project(name, codes, dims)


@pytest.mark.parametrize("name", PROJECTIONS)
def test_codes_of_another_size_cannot_be_placed(name):
    drawn = project(name, CODES)
    with pytest.raises(ValueError, match=r"shape \(M, 6\)"):
        drawn.place(CODES[:, :3])
