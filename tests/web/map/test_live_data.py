import json

import pytest

from vaelab.latent import PROJECTIONS
from vaelab.web.axes import axes_of
from vaelab.web.loaders import latents_of, model_of
from vaelab.web.map.live_data import map_addresses, map_model, palette, saved_groups
from vaelab.web.opened import Opened
from vaelab.web.palette import class_colours


@pytest.fixture
def opened(tiny):
    return Opened(tiny, model_of(tiny), latents_of(tiny), None, axes_of(tiny))


def test_the_map_is_told_what_it_can_be_asked(opened):
    told = json.loads(json.dumps(map_model(opened)))
    assert [p["name"] for p in told["projections"]] == list(PROJECTIONS)
    assert [p["slow"] for p in told["projections"]] == [False, False, True, True]
    splits = {split["name"]: split["n"] for split in told["splits"]}
    assert splits["all"] == len(opened.latents)
    assert sum(splits.values()) == 2 * len(opened.latents)
    assert {axis["dim"] for axis in told["axes"]} == {0, 1}
    assert [value["name"] for value in told["values"]] == ["rate", "distortion", "log_p", "trust"]


def test_addresses_change_with_the_weights(tiny):
    points = map_addresses(tiny)["points"]
    assert points.startswith("/checkpoints/tiny/points?")
    assert tiny.weights_sha256[:16] in points


def test_the_colours_are_those_of_all_pages(opened):
    assert list(palette()["light"][:5]) == class_colours(5)
    assert list(palette()["dark"][:5]) == class_colours(5, dark=True)


def test_without_groups_the_list_is_empty(opened):
    assert saved_groups(opened) == []
