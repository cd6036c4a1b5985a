import base64

import numpy as np
import pytest

from vaelab.web.reconstruct.mask_painter import visible_of
from vaelab.web.reconstruct.masks import HALVES, HIDDEN, all_but, flaw, with_hidden


@pytest.mark.parametrize("name", HALVES)
def test_a_half_hides_half_and_its_opposite_the_rest(name):
    opposite = {"Bottom": "Top", "Top": "Bottom", "Left": "Right", "Right": "Left"}
    size = (6, 7)
    other = f"{opposite[name.split()[0]]} half"
    here, there = (all_but(*HALVES[which](*size), size) for which in (name, other))
    assert (here ^ there).all()
    assert 0 < here.sum() < 42


def test_the_bottom_is_below():
    visible = all_but(*HALVES["Bottom half"](4, 2), (4, 2))
    assert visible.tolist() == [[True, True]] * 2 + [[False, False]] * 2


def test_what_is_hidden_is_covered_and_the_rest_kept():
    image = np.linspace(0, 1, 12, dtype=np.float32).reshape(1, 3, 4)
    visible = all_but(slice(1, 2), slice(0, 2), (3, 4))
    shown = with_hidden(image, visible)
    assert shown.shape == (3, 3, 4)
    np.testing.assert_allclose(shown[:, 1, 0], HIDDEN)
    assert (shown[:, visible] == image[0][visible]).all()


def test_a_mask_hides_something_and_leaves_something():
    visible = all_but(slice(1, 2), slice(0, 2), (3, 4))
    assert flaw(visible, painted=True) is None
    assert "Paint over a part" in flaw(np.ones((3, 4), bool), painted=True)
    assert "Give the box a row" in flaw(np.ones((3, 4), bool), painted=False)
    assert "nothing is left to go by" in flaw(np.zeros((3, 4), bool), painted=True)


def test_what_the_browser_painted_is_hidden():
    painted = bytes([0, 255, 127, 128, 0, 0])
    visible = visible_of(base64.b64encode(painted).decode(), (2, 3))
    assert visible.tolist() == [[True, False, True], [False, True, True]]
    assert visible_of("", (2, 3)).all()


@pytest.mark.parametrize("said", [None, 6, [], {}, "no base64!", "é", "AAAA", "AAAAAAAAAAAA"])
def test_what_is_no_mask_of_that_size_is_left_alone(said):
    assert visible_of(said, (2, 3)) is None
