import numpy as np
import pytest
import torch

from vaelab.latent.geodesic import curve_energy, geodesic
from vaelab.latent.path import legs_through, linear_path
from vaelab.models import ModelConfig, build_model

RNG = np.random.default_rng(0)
FOREVER = 1e6  # seconds: what a test finds must not depend on the machine


def bent(a, b, n):
    """A way from a to b that is far from straight."""
    side = np.random.default_rng(1).normal(size=len(a))
    bow = np.sin(np.pi * np.linspace(0, 1, n))[:, None] * side
    return np.asarray(linear_path(a, b, n) + bow, np.float32)


def paraboloid(z):
    """z to (z, 2 |z|^2): its metric is 1 + 16 |z|^2 along z, and grows outwards."""
    return torch.cat([z, 2 * z.square().sum(1, keepdim=True)], dim=1)


def test_on_a_linear_decoder_the_geodesic_is_the_straight_line_at_constant_pace():
    weights = torch.from_numpy(RNG.normal(size=(4, 30)).astype(np.float32))
    a, b = RNG.normal(size=(2, 4)).astype(np.float32)
    found = geodesic(lambda z: z @ weights, bent(a, b, 9)[None], 200, FOREVER)
    np.testing.assert_allclose(found.codes[0], linear_path(a, b, 9), atol=0.02)
    squared = np.square((b - a) @ weights.numpy()).sum()
    assert found.energy == pytest.approx(squared, rel=1e-3)
    assert found.start_energy > 2 * squared


def test_for_an_isometry_a_few_steps_are_enough_however_long_the_chain():
    a, b = RNG.normal(size=(2, 3)).astype(np.float32)
    found = geodesic(lambda z: z, bent(a, b, 129)[None], 4, FOREVER)
    np.testing.assert_allclose(found.codes[0], linear_path(a, b, 129), atol=1e-3)


def test_around_a_hill_the_way_bends_and_is_shorter():
    def hill(z):
        return torch.cat([z, 3 * torch.exp(-4 * z.square().sum(1, keepdim=True))], dim=1)

    a, b = np.float32([-1, 0.05]), np.float32([1, 0.05])
    start = linear_path(a, b, 33)[None]
    found = geodesic(hill, start, 200, FOREVER)
    assert found.energy < 0.8 * found.start_energy
    assert found.codes[0, 16, 1] > 0.3  # on the side where it began
    steps = np.linalg.norm(np.diff(hill(torch.from_numpy(found.codes[0])).numpy(), axis=0), axis=1)
    assert steps.std() < 0.1 * steps.mean()  # constant pace, as a geodesic has


@pytest.mark.parametrize("steps", [0, 1, 3, 50])
def test_the_energy_is_never_above_that_of_the_start_and_is_that_of_the_codes(steps):
    model = build_model(ModelConfig(latent_dim=3, width=16, depth=1)).eval()

    def pictures(z):
        return model.decode(z).mean

    points = 3 * RNG.normal(size=(4, 3)).astype(np.float32)
    start = legs_through(points, 9, bent)
    found = geodesic(pictures, start, steps, FOREVER)
    assert found.energy <= found.start_energy
    with torch.no_grad():
        again = curve_energy(
            pictures(torch.from_numpy(found.codes.reshape(-1, 3))).unflatten(0, (3, 9))
        )
    assert again.sum().item() == pytest.approx(found.energy, rel=1e-4)
    np.testing.assert_array_equal(found.codes[:, [0, -1]], start[:, [0, -1]])


def test_the_energy_bounds_the_squared_length_and_equals_it_at_constant_pace():
    pictures = torch.from_numpy(RNG.normal(size=(2, 6, 5)))
    length = (pictures[:, 1:] - pictures[:, :-1]).norm(dim=2).sum(1)
    assert (curve_energy(pictures) > length.square()).all()
    straight = torch.from_numpy(linear_path(RNG.normal(size=5), RNG.normal(size=5), 6))[None]
    squared = (straight[:, -1] - straight[:, 0]).square().sum(1)
    torch.testing.assert_close(curve_energy(straight), squared)


def test_curves_do_not_disturb_one_another():
    legs = legs_through(RNG.normal(size=(3, 2)).astype(np.float32), 9, bent)
    both = geodesic(paraboloid, legs, 300, FOREVER)
    alone = [geodesic(paraboloid, leg[None], 300, FOREVER) for leg in legs]
    assert both.energy == pytest.approx(sum(one.energy for one in alone), rel=1e-3)


def test_the_models_weights_are_left_alone():
    model = build_model(ModelConfig(latent_dim=2, width=8, depth=1)).eval()
    start = legs_through(RNG.normal(size=(2, 2)), 5)
    geodesic(lambda z: model.decode(z).mean, start, 3, FOREVER)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_no_time_means_one_step_at_most():
    start = bent(*RNG.normal(size=(2, 3)).astype(np.float32), 9)[None]
    assert geodesic(paraboloid, start, 50, 0).steps <= 1


def test_two_codes_have_nothing_between_them():
    start = RNG.normal(size=(1, 2, 3)).astype(np.float32)
    found = geodesic(lambda z: z, start)
    np.testing.assert_array_equal(found.codes, start)
    assert found.steps == 0
    assert found.energy == pytest.approx(np.square(start[0, 1] - start[0, 0]).sum(), rel=1e-5)


@pytest.mark.parametrize(
    ("start", "steps", "seconds", "message"),
    [
        (np.zeros((3, 2)), 1, 1, "start must be"),
        (np.zeros((1, 1, 2)), 1, 1, "start must be"),
        (np.full((1, 3, 2), np.nan), 1, 1, "start must be"),
        (np.zeros((1, 3, 2)), -1, 1, "steps and seconds"),
        (np.zeros((1, 3, 2)), 1, -1, "steps and seconds"),
    ],
)
def test_wrong_arguments_are_named(start, steps, seconds, message):
    with pytest.raises(ValueError, match=message):
        geodesic(lambda z: z, start, steps, seconds)
