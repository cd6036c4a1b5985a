import numpy as np
import pytest

from vaelab.latent.path import join_legs, legs_through, linear_path, spherical_path

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=16).astype(np.float32), 3 * RNG.normal(size=16).astype(np.float32)


@pytest.mark.parametrize("path", [linear_path, spherical_path])
@pytest.mark.parametrize("n", [2, 3, 10])
@pytest.mark.parametrize(
    ("a", "b"),
    [(A, B), (A, A), (A, -A), (A, 2 * A), (A, 0 * A), (0 * A, 0 * A), (A[:1], -A[:1])],
    ids=["any", "same", "opposite", "parallel", "to zero", "zeros", "one dimension"],
)
def test_the_ends_are_exact_to_the_bit(path, n, a, b):
    z = path(a, b, n)
    assert z.shape == (n, len(a))
    assert z.dtype == np.float32
    assert z[0].tobytes() == a.tobytes()
    assert z[-1].tobytes() == b.tobytes()
    assert np.isfinite(z).all()


def test_a_straight_path_has_equal_steps():
    steps = np.diff(linear_path(A, B, 9), axis=0)
    np.testing.assert_allclose(steps, np.tile((B - A) / 8, (8, 1)), atol=1e-6)


def test_an_arc_turns_at_constant_speed_in_one_plane_with_norms_in_proportion():
    z = spherical_path(A.astype(float), B.astype(float), 9)
    norms = np.linalg.norm(z, axis=1)
    ends = np.linalg.norm(A.astype(float)), np.linalg.norm(B.astype(float))
    np.testing.assert_allclose(norms, np.linspace(*ends, 9))
    unit = z / norms[:, None]
    angles = np.arccos((unit[1:] * unit[:-1]).sum(1))
    whole = np.arccos(unit[0] @ unit[-1])
    np.testing.assert_allclose(angles, whole / 8)
    assert np.linalg.matrix_rank(z, tol=1e-9) == 2


def test_the_angle_is_that_of_the_whole_vectors():
    """A quarter turn in a plane that is no coordinate plane has its middle at 45 degrees."""
    a, b = np.array([1.0, 1.0, 0.0]), np.array([-1.0, 1.0, 0.0])
    np.testing.assert_allclose(spherical_path(a, b, 3)[1], [0, np.sqrt(2), 0], atol=1e-12)


def test_both_directions_are_one_path():
    np.testing.assert_allclose(spherical_path(A, B, 7), spherical_path(B, A, 7)[::-1], atol=1e-5)


def test_opposite_vectors_keep_their_norm_on_the_way():
    z = spherical_path(A.astype(float), -A.astype(float), 5)
    np.testing.assert_allclose(np.linalg.norm(z, axis=1), np.linalg.norm(A), rtol=1e-6)


def test_nearly_parallel_vectors_stay_between_them():
    b = A.astype(float) * (1 + 1e-12)
    z = spherical_path(A.astype(float), b, 5)
    np.testing.assert_allclose(z, np.tile(b, (5, 1)), rtol=1e-9)


def test_a_zero_vector_has_no_direction_so_the_path_is_straight():
    np.testing.assert_array_equal(spherical_path(A, 0 * A, 5), linear_path(A, 0 * A, 5))


@pytest.mark.parametrize("path", [linear_path, spherical_path])
@pytest.mark.parametrize(
    ("a", "b", "n", "message"),
    [
        ([1.0], [1.0, 2.0], 3, "vectors"),
        ([[1.0]], [[2.0]], 3, "vectors"),
        ([], [], 3, "vectors"),
        ([1.0], [2.0], 1, "at least 2"),
        ([np.nan], [2.0], 3, "finite"),
    ],
)
def test_wrong_arguments_are_named(path, a, b, n, message):
    with pytest.raises(ValueError, match=message):
        path(a, b, n)


def test_whole_numbers_become_floats():
    np.testing.assert_array_equal(linear_path([0], [1], 3), [[0], [0.5], [1]])


@pytest.mark.parametrize("leg", [linear_path, spherical_path])
def test_legs_go_through_every_point_and_join_without_repeats(leg):
    points = RNG.normal(size=(4, 5)).astype(np.float32)
    legs = legs_through(points, 7, leg)
    assert legs.shape == (3, 7, 5)
    path = join_legs(legs)
    assert path.shape == (19, 5)
    np.testing.assert_array_equal(path[::6], points)
    np.testing.assert_array_equal(path[6:13], legs[1])


def test_a_path_through_one_point_is_refused():
    with pytest.raises(ValueError, match="M >= 2"):
        legs_through([[1.0]], 3)
    with pytest.raises(ValueError, match="n >= 2"):
        join_legs(np.zeros((1, 1, 3)))
