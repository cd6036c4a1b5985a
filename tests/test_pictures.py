import io

import numpy as np
import pytest
from PIL import Image

from vaelab.pictures import LONGEST_SIDE, enlarge, grid, png_bytes, to_picture, to_uint8

RNG = np.random.default_rng(0)


def test_floats_become_pixels_and_nothing_wraps_around():
    values = np.array([0.0, 0.5, 1.0, 1.5, -0.5, np.nan, np.inf, -np.inf])
    assert to_uint8(values).tolist() == [0, 128, 255, 255, 0, 0, 255, 0]
    assert to_uint8(np.array([7], np.uint8)).tolist() == [7]


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_has_the_image_s_pixels(channels):
    image = RNG.integers(0, 256, (channels, 5, 7), dtype=np.uint8)
    pixels = np.asarray(to_picture(image))
    expected = image[0] if channels == 1 else image.transpose(1, 2, 0)
    np.testing.assert_array_equal(pixels, expected)


def test_enlarging_repeats_every_pixel():
    image = RNG.integers(0, 256, (1, 8, 8), dtype=np.uint8)
    large = np.asarray(enlarge(to_picture(image), 60))
    assert large.shape == (64, 64)
    np.testing.assert_array_equal(large, image[0].repeat(8, 0).repeat(8, 1))
    assert enlarge(to_picture(image), 8).size == (8, 8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_grid_holds_every_image_in_its_place(channels):
    images = RNG.integers(0, 256, (5, channels, 8, 8), dtype=np.uint8)
    sheet = grid(images, columns=3, cell=16, gap=2)
    assert sheet.size == (3 * 16 + 2 * 2, 2 * 16 + 2)
    for i, image in enumerate(images):
        left, top = (i % 3) * 18, (i // 3) * 18
        cell = sheet.crop((left, top, left + 16, top + 16)).resize((8, 8), Image.Resampling.NEAREST)
        np.testing.assert_array_equal(np.asarray(cell), np.asarray(to_picture(image)))


def test_a_grid_of_large_images_stays_small_enough():
    assert max(grid(np.zeros((32, 3, 64, 64), np.uint8), columns=8, cell=200).size) <= LONGEST_SIDE


@pytest.mark.parametrize("shape", [(0, 1, 8, 8), (8, 8), (4, 2, 8, 8)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="of shape"):
        grid(np.zeros(shape, np.uint8))


def test_columns_must_be_positive():
    with pytest.raises(ValueError, match="columns must be at least 1, got 0"):
        grid(np.zeros((4, 1, 8, 8), np.uint8), columns=0)


def test_png():
    with Image.open(io.BytesIO(png_bytes(grid(np.zeros((4, 1, 8, 8)))))) as picture:
        assert picture.format == "PNG"
