"""An upload becomes what the model knows, and says how."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.odd_pictures import ODD_PICTURES, OddPicture, digit_mask
from vaelab.data import DataError, Preparation, Prepared, prepare
from vaelab.data.preparation import PHOTOGRAPH
from vaelab.data.upload import MAX_UPLOAD_BYTES, WORKING_SIDE

Encode = Callable[..., bytes]
MNIST = (1, 28, 28)


def _done(data: bytes, shape: tuple[int, int, int] = MNIST, **choices: object) -> Prepared:
    return prepare(data, Preparation(**choices), shape)  # type: ignore[arg-type]


def _digit(size: int = 28) -> np.ndarray:
    """A seven as MNIST has them: white on black, in 20x20 pixels, centred by mass."""
    image = Image.new("L", (600, 600))
    draw = ImageDraw.Draw(image)
    draw.line([(150, 60), (440, 60), (250, 520)], fill=255, width=55, joint="curve")
    ready = _done(_png(image)).pixels[0]
    return np.asarray(Image.fromarray(ready).resize((size, size), Image.Resampling.BICUBIC))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _photo(digit: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """The digit in dark ink, off-centre on light paper that is unevenly lit, with noise."""
    ink = np.zeros((600, 800))
    h, w = digit.shape
    ink[40 : 40 + h, 90 : 90 + w] = digit / 255
    y, x = np.mgrid[0:600, 0:800]
    light = 215 - 60 * x / 800 - 40 * y / 600
    paper = light * (1 - 0.7 * ink) + rng.normal(0, 4, ink.shape)
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).convert("RGB")


def _names(done: Prepared) -> list[str]:
    return [step.name for step in done.steps]


def _centre(image: np.ndarray) -> tuple[float, float]:
    mass = image.astype(float)
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    return float((mass * y).sum() / mass.sum()), float((mass * x).sum() / mass.sum())


def _distance(image: np.ndarray, digit: np.ndarray) -> float:
    """Mean absolute difference, forgiving a shift by one pixel: centres are rounded."""
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    moved = [np.roll(image[0].astype(int), shift, (0, 1)) for shift in shifts]
    return min(float(np.abs(m - digit).mean()) for m in moved)


def test_an_image_of_the_data_comes_back_bit_equal(encode: Encode) -> None:
    digit = _digit()
    done = _done(encode(digit))
    assert (done.pixels[0] == digit).all()
    assert _names(done) == ["read", "keep"]


def test_its_negative_is_recognised(encode: Encode) -> None:
    digit = _digit()
    done = _done(encode(255 - digit))
    assert (done.pixels[0] == digit).all()
    assert _names(done) == ["read", "invert", "keep"]


def test_an_enlarged_one_comes_back_nearly(encode: Encode) -> None:
    done = _done(encode(_digit(280)))
    assert _distance(done.pixels, _digit()) < 6


def test_a_photograph_of_ink_on_paper(encode: Encode, rng: np.random.Generator) -> None:
    done = _done(encode(_photo(_digit(280), rng), "JPEG", quality=90))
    assert _names(done) == ["read", "invert", "threshold", "crop", "resize", "centre"]
    image = done.pixels[0]
    assert _distance(done.pixels, _digit()) < 6
    assert np.median(image) == 0
    assert image.max() == 255
    rows, columns = np.flatnonzero(image.max(1) > 30), np.flatnonzero(image.max(0) > 30)
    assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    assert all(abs(place - 14) <= 0.51 for place in _centre(image))


def test_pencil_strokes_survive(encode: Encode) -> None:
    drawing = Image.new("L", (700, 700), 250)
    ImageDraw.Draw(drawing).line([(200, 100), (420, 110), (300, 560)], fill=60, width=3)
    thick = _done(encode(drawing))
    thin = _done(encode(drawing), thicken=False)
    assert "thicken" in _names(thick)
    assert "thicken" not in _names(thin)
    assert thick.pixels.mean() > 1.5 * thin.pixels.mean()


@pytest.mark.parametrize(("colour", "matte"), [((0, 0, 0), "white"), ((255, 255, 255), "black")])
def test_a_transparent_drawing_stays_visible(
    encode: Encode, colour: tuple[int, int, int], matte: str
) -> None:
    digit = _digit(280)
    rgba = np.dstack([np.full((*digit.shape, 3), colour, np.uint8), digit])
    done = _done(encode(rgba))
    detail = next(step.caption for step in done.steps if step.name == "transparency")
    assert matte in detail
    assert _distance(done.pixels, _digit()) < 6


def test_switches(encode: Encode) -> None:
    data = encode(255 - _digit(280))
    assert "invert" not in _names(_done(data, invert="no"))
    plain = _done(data, crop="none")
    assert _names(plain) == ["read", "invert", "resize"]
    assert plain.pixels[0, 0, 0] == 0
    light = _done(data, dark_background=False)
    assert light.pixels[0, 0, 0] == 255
    assert _distance(255 - light.pixels, _digit()) < 6
    full = _done(data, pad=0, centre="box").pixels[0]
    assert full[0].max() > 0
    assert full[-1].max() > 0


def test_colour_models_get_colours(encode: Encode) -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, 20:60] = (255, 128, 0)
    done = prepare(encode(picture), PHOTOGRAPH, (3, 32, 32))
    assert (done.pixels[:, :, 2:-2] == np.array([255, 128, 0])[:, None, None]).all()
    assert _names(done) == ["read", "resize"]
    assert "colour" in _names(prepare(encode(picture[..., 0]), PHOTOGRAPH, (3, 32, 32)))


def test_photographs_for_grey_models_are_not_cut_to_ink(
    encode: Encode, rng: np.random.Generator
) -> None:
    picture = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    done = prepare(encode(picture), PHOTOGRAPH, (1, 16, 16))
    assert _names(done) == ["read", "grey", "resize"]


@pytest.mark.parametrize("value", [0, 255, 90])
def test_a_blank_page_is_no_error(encode: Encode, value: int) -> None:
    done = _done(encode(np.full((99, 70), value, np.uint8)))
    assert done.pixels.shape == MNIST
    assert "nothing stands out" in done.steps[-1].caption


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (28, 27)])
@pytest.mark.parametrize("target", [MNIST, (3, 8, 128), (1, 128, 8)])
def test_any_shape_to_any_shape(
    encode: Encode, rng: np.random.Generator, shape: tuple[int, int], target: tuple[int, int, int]
) -> None:
    done = _done(encode(rng.integers(0, 256, shape, dtype=np.uint8)), target)
    assert done.pixels.shape == target
    assert done.pixels.dtype == np.uint8


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_formats(encode: Encode, kind: str) -> None:
    digit = _digit(280)
    done = _done(encode(digit, kind))
    assert done.steps[0].caption.startswith(f"{kind} of 280x280 pixels")
    assert _distance(done.pixels, _digit()) < 8


def test_16_bits_palettes_and_cmyk(encode: Encode) -> None:
    digit = _digit(280)
    deep = encode(digit.astype(np.uint16) * 257)
    palette = encode(Image.fromarray(digit).convert("P"))
    # Pillow writes CMYK as Adobe does, inverted, and reads it back upright
    cmyk = encode(Image.fromarray(digit).convert("RGB").convert("CMYK"), "TIFF")
    for data in (deep, palette, cmyk):
        assert _distance(_done(data).pixels, _digit()) < 6


def test_exif_turns_the_picture_and_is_not_kept(encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "a camera"
    stored = Image.fromarray(_digit(280)).transpose(Image.Transpose.ROTATE_90)
    done = _done(encode(stored, "JPEG", exif=exif))
    assert _names(done)[:2] == ["read", "turn"]
    assert done.steps[0].picture.size == stored.size
    assert _distance(done.pixels, _digit()) < 8
    assert all(step.picture.info == {} and not step.picture.getexif() for step in done.steps)


def test_every_step_has_its_own_small_picture(encode: Encode, rng: np.random.Generator) -> None:
    big = _photo(_digit(280), rng).resize((2400, 1800))
    done = _done(encode(big, "JPEG"))
    assert all(max(step.picture.size) <= WORKING_SIDE for step in done.steps)
    assert "2400x1800" in done.steps[0].caption
    pictures = [np.asarray(step.picture) for step in done.steps]
    assert all(a.shape != b.shape or (a != b).any() for a, b in pairwise(pictures))
    assert (pictures[-1] == done.pixels[0]).all()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The upload is empty"),
        (b"hello", "The upload is not a picture"),
        (bytes(MAX_UPLOAD_BYTES + 1), r"The upload has 20.0 MB; at most 20 MB"),
    ],
)
def test_broken_uploads(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        _done(data)


def test_wrong_shapes(encode: Encode) -> None:
    with pytest.raises(DataError, match="shape must be"):
        _done(encode(_digit()), (2, 8, 8))


PHOTOS = [odd for odd in ODD_PICTURES if odd.what.startswith(("photo", "chalk"))]


@pytest.mark.parametrize("odd", PHOTOS, ids=[odd.what for odd in PHOTOS])
def test_photographs_end_up_as_the_bare_digit_does(odd: OddPicture) -> None:
    assert odd.digit is not None
    how = 6.0 if "turned 6" in odd.what else 0.0
    bare = _done(_png(digit_mask(odd.digit, 260, 14, how)), thicken=True)
    done = _done(odd.make())
    assert done.pixels.max() == 255
    assert np.median(done.pixels) == 0
    assert _distance(done.pixels, bare.pixels[0]) < 12


def test_what_is_no_picture_of_one_frame_is_said() -> None:
    moving = next(odd for odd in ODD_PICTURES if odd.what == "animated GIF")
    assert "the first of its frames" in _done(moving.make()).steps[0].caption


def test_all_of_a_photograph_on_its_borders_colour(encode: Encode) -> None:
    picture = np.full((20, 40, 3), (10, 200, 30), np.uint8)
    picture[8:12, 18:22] = 255
    done = prepare(encode(picture), replace(PHOTOGRAPH, crop="none"), (3, 32, 32))
    assert (done.pixels[:, 0] == np.array([10, 200, 30])[:, None]).all()
    assert done.pixels.max() == 255
    assert "all of 40x20" in done.steps[-1].caption


def test_a_colour_model_can_be_shown_greys(encode: Encode) -> None:
    picture = np.full((32, 32, 3), (10, 200, 30), np.uint8)
    done = prepare(encode(picture), replace(PHOTOGRAPH, colour="grey"), (3, 32, 32))
    assert "grey" in _names(done)
    assert np.ptp(done.pixels.reshape(3, -1), axis=0).max() == 0
