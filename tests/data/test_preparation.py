"""How data sits in its frame, measured on data that sits there by construction."""

from __future__ import annotations

import numpy as np
import pytest

from vaelab.data import DataError, Preparation, guess_preparation
from vaelab.data.preparation import CHOICES, PHOTOGRAPH


def _bars(margin: int, ground: int, ink: int, channels: int = 1, width: int = 2) -> np.ndarray:
    images = np.full((20, channels, 20, 20), ground, np.uint8)
    images[:, :, margin : 20 - margin, 9 : 9 + width] = ink
    return images


@pytest.mark.parametrize("margin", [1, 3, 5])
@pytest.mark.parametrize("ground", [0, 255])
def test_margin_and_ground(margin: int, ground: int) -> None:
    guess = guess_preparation(_bars(margin, ground, 255 - ground))
    assert (guess.dark_background, guess.crop) == (ground == 0, "auto")
    assert guess.pad == pytest.approx(margin / 20)


def test_strokes_are_told_from_shapes() -> None:
    thin, wide = (guess_preparation(_bars(3, 0, 255, width=w)) for w in (2, 8))
    assert (thin.threshold, thin.thicken) == ("auto", True)
    assert (wide.threshold, wide.thicken) == ("none", False)


def test_centring_is_that_whose_centre_varies_least(rng: np.random.Generator) -> None:
    by_box, by_mass = np.zeros((2, 40, 1, 40, 40), np.uint8)
    for i in range(40):
        heavy = int(rng.integers(1, 14))
        for images, left in ((by_box, 12), (by_mass, round(20 - heavy / 2))):
            images[i, 0, 10:30, left : left + heavy] = 255
            images[i, 0, 19:21, left : left + 16] = 255
    assert guess_preparation(by_box).centre == "box"
    assert guess_preparation(by_mass).centre == "mass"
    scattered = np.stack(
        [
            np.roll(image, int(s), -1)
            for s, image in zip(rng.integers(-12, 12, 40), by_box, strict=True)
        ]
    )
    assert guess_preparation(scattered).crop == "none"


def test_photographs(rng: np.random.Generator) -> None:
    assert guess_preparation(rng.integers(0, 256, (9, 1, 20, 20), dtype=np.uint8)) == PHOTOGRAPH
    assert guess_preparation(_bars(3, 0, 255, channels=3)) == PHOTOGRAPH
    assert guess_preparation(np.zeros((0, 1, 8, 8), np.uint8)) == PHOTOGRAPH


def test_empty_pictures_have_nothing_to_crop_to() -> None:
    guess = guess_preparation(_bars(3, 0, 0))
    assert (guess.dark_background, guess.crop, guess.pad) == (True, "none", 0.0)


@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_named_where_one_is_wrong(name: str) -> None:
    with pytest.raises(DataError, match=f"{name} must be one of .*, got 'other'"):
        Preparation(**{name: "other"})  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "value"), [("pad", 0.5), ("pad", -0.1), ("cut", 1.5)])
def test_numbers_have_a_range(name: str, value: float) -> None:
    with pytest.raises(DataError, match=f"{name} must be"):
        Preparation(**{name: value})  # type: ignore[arg-type]
