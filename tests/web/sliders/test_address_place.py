from types import SimpleNamespace

import pytest

from vaelab.web.sliders import address_place
from vaelab.web.sliders.address_place import read_place, write_place
from vaelab.web.sliders.steering import Place


@pytest.fixture
def opened(monkeypatch):
    here = Place([0.0, 1.5, -2.0], 1)
    monkeypatch.setattr(address_place, "place_of", lambda _opened: here)
    return SimpleNamespace(n_classes=3, class_names=("a", "b,c", "d"))


@pytest.mark.parametrize(
    "place",
    [
        Place([0.25, -1.0, 3.5], 0),
        Place([0.25, -1.0, 3.5], 2, other=1, blend=0.25),
        Place([0.25, -1.0, 3.5], None),
        Place([0.25, -1.0, 3.5], 1, axes="classes"),
    ],
)
def test_a_place_survives_the_address(opened, place):
    found = read_place(opened, write_place(opened, place))
    assert (found.z, found.axes) == (place.z, place.axes)
    assert (found.other, found.blend) == (place.other, place.blend)
    assert found.label == (1 if place.label is None else place.label)


def test_what_is_left_out_stays_as_it_is(opened):
    assert read_place(opened, {"class": "d"}) == Place([0.0, 1.5, -2.0], 2)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"z": "1,2"}, "3 finite numbers"),
        ({"z": "1,2,nan"}, "3 finite numbers"),
        ({"z": "1,2,x"}, "not a list of numbers"),
        ({"class": "e"}, "the class must be one of"),
        ({"blend": "d"}, "the class must be one of"),
        ({"blend": "d,2"}, "from 0 to 1"),
        ({"axes": "none"}, "axes must be one of latent, principal"),
    ],
)
def test_what_cannot_be_shown_is_said(opened, asked, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_place(opened, asked)
