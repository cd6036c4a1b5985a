import json

import numpy as np
import pytest

from vaelab.web.groups import Group, delete_group, save_group
from vaelab.web.opened import opened_from
from vaelab.web.sliders.axis_modes import MODES, MOST_AXES, Asked, axes_of_mode, modes_of


@pytest.fixture
def opened(tiny):
    return opened_from(tiny)


def at(opened, place=None):
    return Asked(np.zeros(opened.latents.latent_dim) if place is None else np.array(place), None)


def test_latent_dimensions_come_first_and_each_other_mode_says_what_it_means(opened):
    latent, *others = modes_of(opened)
    assert (latent["name"], latent["note"]) == ("latent", "")
    assert [mode["name"] for mode in others] == ["principal", "here", "classes", "attributes"]
    assert all(mode["note"].endswith(".") for mode in others)
    assert [mode["name"] for mode in others if mode["local"]] == ["here"]


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "latent"])
def test_a_mode_is_told_as_json(opened, mode):
    json.dumps(axes_of_mode(opened, mode, at(opened)), allow_nan=False)


def test_principal_axes_carry_their_share(opened):
    axes = axes_of_mode(opened, "principal", at(opened))["axes"]
    assert [axis["name"] for axis in axes] == ["PC 1", "PC 2"]
    assert all(axis["title"].endswith("%") for axis in axes)


def test_axes_around_a_picture_depend_on_where_it_is(opened):
    here, there = (
        axes_of_mode(opened, "here", at(opened, place))["axes"] for place in ([0, 0], [2, -2])
    )
    assert here[0]["direction"] != there[0]["direction"]
    for axis, place in ((here[0], [0, 0]), (there[0], [2, -2])):
        assert axis["origin"] == pytest.approx(np.dot(axis["direction"], place), abs=1e-5)


def test_class_directions_are_named_after_the_classes(opened):
    axes = axes_of_mode(opened, "classes", at(opened))["axes"]
    assert [axis["name"] for axis in axes] == [f"class {name}" for name in opened.class_names]


def test_each_ordered_pair_of_groups_is_a_direction(opened):
    assert axes_of_mode(opened, "attributes", at(opened))["axes"] == []
    save_group(opened, Group("none", 3, (0.0, 1.0), {}))
    save_group(opened, Group("glasses", 4, (3.0, -3.0), {}))
    axes = {axis["name"]: axis for axis in axes_of_mode(opened, "attributes", at(opened))["axes"]}
    assert set(axes) == {"glasses -> none", "none -> glasses"}
    there, back = axes["none -> glasses"], axes["glasses -> none"]
    assert there["direction"] == pytest.approx([0.6, -0.8])
    assert back["direction"] == pytest.approx([-0.6, 0.8])
    assert there["origin"] == pytest.approx(-0.8)
    assert there["title"] == "there at 5.00"
    delete_group(opened, "none")
    assert axes_of_mode(opened, "attributes", at(opened))["axes"] == []


def test_equal_groups_have_no_direction_and_that_is_said(opened):
    for name in ("a", "b"):
        save_group(opened, Group(name, 1, (1.0, 1.0), {}))
    told = axes_of_mode(opened, "attributes", at(opened))
    assert all(axis["unused"] for axis in told["axes"])
    assert "same point" in told["unusedReason"]


def test_no_more_sliders_than_can_be_looked_through(opened):
    for n in range(8):
        save_group(opened, Group(f"group {n}", 1, (float(n), 0.5), {}))
    told = axes_of_mode(opened, "attributes", at(opened))
    assert (len(told["axes"]), told["left"]) == (MOST_AXES, 8 * 7 - MOST_AXES)


def test_ranges_are_those_of_the_stored_codes(opened):
    for axis in axes_of_mode(opened, "principal", at(opened))["axes"]:
        t = opened.latents.mean @ np.array(axis["direction"]) - axis["origin"]
        low, high = np.quantile(t, [0.005, 0.995])
        assert (axis["low"], axis["high"]) == pytest.approx((low, high), abs=1e-3)
