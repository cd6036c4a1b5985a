"""The sheet's cells stand where they should, and are marked as they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import ImageFont

from vaelab.latent.class_swap import Swapped
from vaelab.web.reconstruct.sheet_font import can_be_written, font_of
from vaelab.web.reconstruct.swap_sheet import RING, WRONG, Sheet, drawn, headings


@pytest.fixture
def sheet():
    """Two grey images of classes 1 and 0 under three classes, each cell of a shade of its own."""
    shades = np.linspace(0.1, 0.9, 6, dtype=np.float32).reshape(2, 3, 1, 1, 1)
    swapped = Swapped(
        np.zeros((2, 3, 4), np.float32),
        np.broadcast_to(shades, (2, 3, 1, 8, 8)),
        np.array([1, 0]),
        np.arange(3),
    )
    images = np.full((2, 1, 8, 8), 255, np.uint8)
    return Sheet(images, swapped, ("0", "T-shirt/top", "a name that is longer than any cell"))


def colours(sheet, **changed):
    return {colour for _, colour in drawn(sheet, **changed).getcolors(1 << 20)}


def test_every_cell_is_there(sheet):
    seen = colours(sheet)
    for shade in np.rint(sheet.swapped.pictures[:, :, 0, 0, 0] * 255).astype(int).ravel():
        assert (shade, shade, shade) in seen
    assert RING in seen
    assert WRONG not in seen


def test_only_own_classes_are_ringed(sheet):
    count = dict(map(reversed, drawn(sheet).getcolors(1 << 20)))[RING]
    none = replace(sheet, swapped=replace(sheet.swapped, labels=np.array([7, 7])))
    one = replace(sheet, swapped=replace(sheet.swapped, labels=np.array([7, 2])))
    assert RING not in colours(none)
    assert dict(map(reversed, drawn(one).getcolors(1 << 20)))[RING] == count / 2


def test_what_is_named_otherwise_is_marked(sheet):
    wrong = np.zeros((2, 3), bool)
    assert WRONG not in colours(replace(sheet, wrong=wrong))
    wrong[1, 2] = True
    assert WRONG in colours(replace(sheet, wrong=wrong))


def test_dark_and_light_have_the_same_size_and_long_names_do_not_widen_it(sheet):
    light, dark = drawn(sheet), drawn(sheet, dark=True)
    assert light.size == dark.size
    assert light.getpixel((0, 0)) != dark.getpixel((0, 0))
    short = replace(sheet, names=("0", "1", "2"))
    assert drawn(short).width == light.width


def test_colour_images_have_a_sheet_too(sheet):
    pictures = np.repeat(sheet.swapped.pictures, 3, axis=2)
    images = np.repeat(sheet.images, 3, axis=1)
    made = replace(sheet, images=images, swapped=replace(sheet.swapped, pictures=pictures))
    assert drawn(made).size == drawn(sheet).size


def test_a_name_that_the_font_lacks_is_a_number(sheet):
    assert headings(("cat", "猫", "emoji 🐈", "a dog")) == ["cat", "2", "3", "a dog"]
    foreign, numbered = (
        replace(sheet, names=("0", "1", "猫")),
        replace(sheet, names=("0", "1", "3")),
    )
    assert drawn(foreign).tobytes() == drawn(numbered).tobytes()


def test_the_pages_font_is_found_and_writes_more_than_english():
    font = font_of(20)
    assert font.getname()[0].startswith("SourceSans")
    assert can_be_written("naïve façade, собака, Ελλάδα", font)
    assert not can_be_written("собака", ImageFont.load_default(20))
