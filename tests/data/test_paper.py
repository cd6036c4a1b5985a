"""Ink on uneven, shaded and ruled paper."""

from __future__ import annotations

import numpy as np
import pytest

from tests.odd_pictures import digit_mask
from vaelab.data.paper import has_light_ground, ink_of, written
from vaelab.data.ruled import ruling


def _stroke() -> np.ndarray:
    ink = np.zeros((200, 300), bool)
    ink[50:150, 100:110] = True
    return ink


def _paper(rng: np.random.Generator, light: np.ndarray, ink: np.ndarray) -> np.ndarray:
    seen = 230 * light * (1 - 0.7 * ink) + rng.normal(0, 2, ink.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shadow", [0.0, 0.3, 0.5])
def test_light_and_shadow_are_no_ink(rng: np.random.Generator, shadow: float) -> None:
    y, x = np.mgrid[0:200, 0:300]
    light = (1 - 0.4 * x / 300) * np.where(x + y > 260, 1 - shadow, 1)
    seen = ink_of(_paper(rng, light, _stroke()))
    assert seen.full == pytest.approx(0.7, abs=0.05)
    assert (seen.above() > 127)[_stroke()].mean() > 0.99
    assert (seen.above() > 127)[~_stroke()].mean() < 0.005  # a hard edge leaves crumbs


@pytest.mark.parametrize("noise", [0, 3, 20])
def test_paper_alone_holds_no_ink(rng: np.random.Generator, noise: float) -> None:
    paper = np.clip(100 + rng.normal(0, noise, (150, 150)), 0, 255).astype(np.uint8)
    assert not ink_of(paper).above().any()


def test_a_cut_leaves_the_darker_ink() -> None:
    page = np.full((100, 100), 240, np.uint8)
    page[20:80, 30:36], page[20:80, 60:64] = 40, 120
    seen = ink_of(page)
    low, high = seen.above(0.2), seen.above(0.8)
    assert low[50, 32] == low[50, 62] == high[50, 32] == 255
    assert high[50, 62] == 0


@pytest.mark.parametrize("dim", [1.0, 0.4])
def test_the_ground_is_told_from_what_strokes_enclose(rng: np.random.Generator, dim: float) -> None:
    ring = np.zeros((200, 300), bool)
    y, x = np.mgrid[0:200, 0:300]
    ring |= np.abs(np.hypot(x - 150, y - 100) - 40) < 5
    page = _paper(rng, np.full(ring.shape, dim), ring)
    assert has_light_ground(page)
    assert not has_light_ground(255 - page)
    assert has_light_ground(np.full((9, 9), 240, np.uint8))
    eight = np.asarray(digit_mask(8, 300, 26))  # strokes wider than the window
    assert not has_light_ground(eight)
    assert has_light_ground(255 - eight)


def test_specks_and_what_the_edge_cuts_off_are_not_written() -> None:
    ink = _stroke() * np.uint8(255)
    ink[10:12, 10:12] = 255
    ink[:, 290:] = 255
    assert (written(ink)[_stroke()]).all()
    assert not written(ink)[10, 10]
    assert not written(ink)[100, 295]
    ink[:, :95] = ink[:, 120:] = 0
    ink[:, 100:110] = 255  # all there is
    assert written(ink)[:, 100:110].all()


@pytest.mark.parametrize("slope", [0.0, 0.05, -0.08])
def test_ruled_lines_go_and_strokes_across_them_stay(slope: float) -> None:
    y, x = np.mgrid[0:300, 0:400]
    lines = np.mod(y - slope * x, 50) < 2
    ink = np.zeros(lines.shape, bool)
    ink[40:260, 190:202] = True
    found = ruling(lines | ink)
    assert found.slope == pytest.approx(slope, abs=0.004)
    assert found.mask[lines & ~ink].mean() > 0.97
    assert found.mask[ink].mean() < 0.03


def test_a_bar_that_crosses_a_tight_picture_is_no_ruled_line() -> None:
    seven = np.zeros((300, 200), bool)
    seven[5:35] = True
    seven[:, 120:150] = True
    found = ruling(seven)
    assert found.slope is None
    assert not found.mask.any()
