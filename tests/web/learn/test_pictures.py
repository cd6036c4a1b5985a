import numpy as np
import pytest
from PIL import Image

from vaelab.web.learn.code_picture import code_picture
from vaelab.web.learn.picture_rows import enlarged, side_by_side
from vaelab.web.learn.subject import Subject


def opaque(picture):
    return np.asarray(picture)[..., 3] == 255


def test_bars_go_up_for_positive_numbers_and_end_at_the_largest():
    bars = opaque(code_picture([3.0, -1.5, 99.0], largest=3.0, width=60, height=40))
    upper, lower = bars[:20].sum(0), bars[21:].sum(0)
    assert upper[10] > 15
    assert lower[10] == 0
    assert upper[30] == 0
    assert 5 < lower[30] < 15
    assert upper[50] == upper[10]


def test_rows_of_equal_pictures_stand_in_columns():
    images = np.random.default_rng(0).random((4, 1, 28, 28))
    pictures = enlarged(images, 72)
    assert {picture.size for picture in pictures} == {(72, 72)}
    codes = [code_picture(np.zeros(3)) for _ in range(4)]
    assert side_by_side(pictures).width == side_by_side(codes).width


def test_space_between_pictures_is_transparent():
    sheet = side_by_side([Image.new("L", (5, 8), 255), Image.new("L", (5, 4), 0)], gap=3)
    assert sheet.size == (13, 8)
    np.testing.assert_array_equal(opaque(sheet)[0], [True] * 5 + [False] * 3 + [True] * 5)
    assert not opaque(sheet)[6, 9]


def test_shuffling_keeps_pixels_and_their_colours():
    image = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8)
    shuffled = Subject(image, 1, "x").shuffled().image
    assert (shuffled != image).any()
    columns = {tuple(column) for column in image.reshape(3, -1).T}
    assert {tuple(column) for column in shuffled.reshape(3, -1).T} == columns


def test_refusals():
    with pytest.raises(ValueError, match="pictures"):
        side_by_side([])
    with pytest.raises(ValueError, match="z must be"):
        code_picture([])
