import numpy as np
import pytest

from vaelab.web.reconstruct.masks import HALVES, HIDDEN, all_but, with_hidden


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
