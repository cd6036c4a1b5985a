import numpy as np
import pytest
import torch

from vaelab.latent import project
from vaelab.latent.directions import (
    between,
    class_directions,
    density,
    picture_directions,
    principal_directions,
    ranges,
)
from vaelab.models import ModelConfig, build_model

MIX = np.array([[2.0, 0.3, 0.0], [0.0, 1.0, 0.4], [0.0, 0.0, 0.1]])
CODES = np.random.default_rng(0).normal(size=(4000, 3)) @ MIX + [1.0, -2.0, 0.5]


def units(directions):
    return np.stack([direction.unit for direction in directions])


def test_principal_directions_are_orthonormal_and_uncorrelated():
    found = principal_directions(CODES)
    np.testing.assert_allclose(units(found) @ units(found).T, np.eye(3), atol=1e-12)
    along = np.stack([direction.coordinates(CODES) for direction in found])
    correlation = np.corrcoef(along)
    np.testing.assert_allclose(correlation, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(along.mean(axis=1), 0, atol=1e-12)


def test_their_shares_are_those_of_the_variance():
    found = principal_directions(CODES)
    along = np.stack([direction.coordinates(CODES) for direction in found])
    shares = [direction.share for direction in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    np.testing.assert_allclose(shares, along.var(axis=1) / CODES.var(axis=0).sum())


def test_they_are_the_axes_of_the_pca_map():
    found = principal_directions(CODES, most=2)
    points = project("pca", CODES).points
    for i, direction in enumerate(found):
        np.testing.assert_allclose(direction.coordinates(CODES), points[:, i], atol=1e-5)


def test_one_dimension_has_one_axis():
    (only,) = principal_directions(CODES[:, :1])
    assert (only.unit.tolist(), only.share) == ([1.0], 1.0)


@pytest.mark.parametrize("codes", [np.zeros((1, 3)), np.zeros(3)])
def test_a_single_code_has_no_axes(codes):
    with pytest.raises(ValueError, match="at least 2"):
        principal_directions(codes)


@pytest.mark.parametrize("n_classes", [0, 3])
def test_picture_directions_are_the_right_singular_vectors_of_the_jacobian(n_classes):
    config = ModelConfig(latent_dim=5, width=16, n_classes=n_classes)
    model = build_model(config, seed=1)
    z = torch.linspace(-1, 1, 5)
    y = torch.eye(3)[1:2] if n_classes else None
    jacobian = torch.autograd.functional.jacobian(
        lambda code: model.decode(code[None], y).mean.flatten(), z
    )
    _, stretch, right = torch.linalg.svd(jacobian.detach(), full_matrices=False)
    found = picture_directions(model, z.numpy(), y)
    np.testing.assert_allclose(units(found) @ units(found).T, np.eye(5), atol=1e-9)
    same = np.abs((units(found) * right.numpy()).sum(axis=1))
    np.testing.assert_allclose(same, 1, atol=1e-3)
    shares = (stretch.square() / stretch.square().sum()).numpy()
    np.testing.assert_allclose([direction.share for direction in found], shares, atol=1e-4)


def test_picture_directions_keep_to_the_dimensions_given():
    model = build_model(ModelConfig(latent_dim=4, width=16), seed=0)
    found = picture_directions(model, np.zeros(4), dims=[3, 1])
    assert len(found) == 2
    assert not units(found)[:, [0, 2]].any()


def test_picture_directions_need_one_code():
    model = build_model(ModelConfig(latent_dim=4, width=16), seed=0)
    with pytest.raises(ValueError, match=r"\(4,\)"):
        picture_directions(model, np.zeros((1, 4)))


def test_class_directions_lead_from_the_mean_of_all_to_that_of_the_class():
    labels = np.repeat([0, 2], [3000, 1000])
    zero, two = class_directions(CODES, labels, ["a", "b", "c"])
    assert (zero.name, two.name) == ("class a", "class c")
    for direction, c in ((zero, 0), (two, 2)):
        there = direction.origin + direction.length * direction.unit
        np.testing.assert_allclose(there, CODES[labels == c].mean(axis=0))
        np.testing.assert_allclose(direction.origin, CODES.mean(axis=0))


def test_between_two_points_the_coordinate_is_the_distance():
    direction = between("a -> b", [1.0, 1.0], [4.0, 5.0])
    assert direction.length == 5
    np.testing.assert_allclose(direction.coordinates([[1.0, 1.0], [4.0, 5.0]]), [0, 5])
    same = between("a -> a", [1.0, 1.0], [1.0, 1.0])
    assert (same.length, same.unit.tolist()) == (0, [0, 0])


def test_a_range_is_that_of_the_coordinates():
    directions = principal_directions(CODES)
    for direction, found in zip(directions, ranges(directions, CODES, 48), strict=True):
        t = direction.coordinates(CODES)
        if direction.name != "PC 3":  # so narrow that it is widened
            expected = np.quantile(t, [0.005, 0.5, 0.995])
            np.testing.assert_allclose([found.low, found.median, found.high], expected)
        assert found.density.max() == 1
        np.testing.assert_allclose(found.density, density(t, found.low, found.high, 48))
    assert ranges([], CODES, 48) == ()


def test_a_direction_without_width_still_has_a_range():
    flat = CODES * [1.0, 1.0, 0.0]
    wide, _, none = ranges(principal_directions(flat), flat, 8)
    assert 0 < none.high - none.low < wide.high - wide.low
