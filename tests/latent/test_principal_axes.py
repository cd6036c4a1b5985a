import numpy as np
import pytest

from vaelab.latent import project
from vaelab.latent.directions import principal_directions
from vaelab.latent.principal_axes import axes_of_spread, principal_axes, principal_plane
from vaelab.runs.epochs import plane
from vaelab.standalone.component_data import plane_data

MIX = np.array([[2.0, 0.3, 0.0], [0.0, 1.0, 0.4], [0.0, 0.0, 0.1]])
CODES = np.random.default_rng(0).normal(size=(400, 3)) @ MIX + [1.0, -2.0, 0.5]


def test_they_are_the_right_singular_vectors_of_the_centred_codes():
    found = principal_axes(CODES)
    _, sizes, axes = np.linalg.svd(CODES - CODES.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(found.axes @ axes.T), np.eye(3), atol=1e-9)
    np.testing.assert_allclose(found.share, sizes**2 / (sizes**2).sum(), rtol=1e-9)


def test_each_points_where_its_largest_coefficient_is_positive_whichever_way_the_codes_lie():
    for mirror in ([1, 1, 1], [-1, 1, -1], [-1, -1, -1]):
        axes = principal_axes(CODES * mirror).axes
        assert (axes[np.arange(3), np.abs(axes).argmax(axis=1)] > 0).all()


def test_codes_turned_around_have_the_same_axes():
    found, turned = principal_axes(CODES), principal_axes(-CODES)
    np.testing.assert_allclose(found.axes, turned.axes, atol=1e-9)
    np.testing.assert_allclose(turned.coordinates(-CODES), -found.coordinates(CODES), atol=1e-9)


def test_all_who_draw_the_plane_draw_the_same():
    points = principal_plane(CODES).coordinates(CODES)
    np.testing.assert_allclose(project("pca", CODES).points, points, atol=1e-5)
    np.testing.assert_allclose(plane(CODES.astype(np.float32), None), points, atol=1e-4)
    told = plane_data(CODES.astype(np.float32))
    drawn = (CODES - told["origin"]) @ np.transpose(told["axes"])
    np.testing.assert_allclose(drawn, points, atol=1e-4)
    assert told["share"] == pytest.approx(principal_plane(CODES).share.sum(), abs=1e-4)
    along = [axis.coordinates(CODES) for axis in principal_directions(CODES, most=2)]
    np.testing.assert_allclose(np.transpose(along), points, atol=1e-9)


def test_one_number_a_code_has_a_second_axis_of_nothing():
    found = principal_plane(CODES[:, :1])
    assert found.axes.tolist() == [[1.0], [0.0]]
    assert found.share.tolist() == [1.0, 0.0]
    assert not found.coordinates(CODES[:, :1])[:, 1].any()


def test_codes_that_are_all_the_same_have_axes_but_no_share():
    found = principal_axes(np.ones((5, 2)))
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2))
    assert found.share.tolist() == [0, 0]


def test_an_eigenvalue_below_zero_by_rounding_has_no_share():
    assert axes_of_spread([[1.0, 0.0], [0.0, -1e-17]], [0, 0]).share.tolist() == [1, 0]


@pytest.mark.parametrize("codes", [np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(3)])
def test_no_codes_are_refused(codes):
    with pytest.raises(ValueError, match="N and K >= 1"):
        principal_axes(codes)
