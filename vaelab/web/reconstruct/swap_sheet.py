"""A sheet of swapped pictures as one image: a row an image, a column a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from vaelab.latent.class_swap import Swapped
from vaelab.pictures import enlarge, to_picture
from vaelab.web.reconstruct.sheet_font import can_be_written, font_of

CELL = 112  # pixels that a picture's shorter side should reach; shown at half of that
GAP, APART = 6, 20  # between pictures; between the images and what became of them
MARGIN = 12  # a page rounds a picture's corners
RING = (224, 133, 31)  # around the class that the image was encoded under
WRONG = (214, 48, 49)  # in the corner of what a classifier names otherwise
LARGEST_TEXT, SMALLEST_TEXT, LINES = 24, 16, 2
PAPER = {False: ((255, 255, 255), (70, 76, 96)), True: ((18, 20, 28), (198, 204, 222))}


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a sheet shows.

    Attributes:
        images: that were swapped, uint8 (N, C, H, W).
        swapped: what became of them, (N, M).
        names: of the M columns.
        wrong: bool (N, M), what a classifier names otherwise; None where none was asked.
    """

    images: npt.NDArray[np.uint8]
    swapped: Swapped
    names: tuple[str, ...]
    wrong: npt.NDArray[np.bool_] | None = None


def headings(names: Sequence[str]) -> list[str]:
    """What stands above the columns: a name, or its number where the font lacks a letter of it."""
    font = font_of(SMALLEST_TEXT)
    return [
        name if can_be_written(name, font) else str(number)
        for number, name in enumerate(names, start=1)
    ]


def ringed(picture: Image.Image, width: int) -> Image.Image:
    """The picture in colour, with a ring over its outermost `width` pixels."""
    framed = picture.convert("RGB")
    corner = (framed.width - 1, framed.height - 1)
    ImageDraw.Draw(framed).rectangle(((0, 0), corner), outline=RING, width=width)
    return framed


def drawn(sheet: Sheet, *, dark: bool = False) -> Image.Image:
    """The sheet as one picture, with the classes' names above and rings around own classes."""
    paper, ink = PAPER[dark]
    first = _cell(sheet.images[0])
    names = [_fitting(name, first.width) for name in ("image", *headings(sheet.names))]
    top = max(text.height for text in names) + GAP
    n, m = sheet.swapped.is_own.shape
    width = (m + 1) * (first.width + GAP) + APART - GAP
    size = (width + 2 * MARGIN, top + n * (first.height + GAP) - GAP + MARGIN)
    page = Image.new("RGB", size, paper)
    steps = [MARGIN + column * (first.width + GAP) for column in range(m + 1)]
    lefts = [steps[0], *(APART + step for step in steps[1:])]
    for left, text in zip(lefts, names, strict=True):
        place = (left + (first.width - text.width) // 2, top - GAP - text.height)
        page.paste(ink, place, text)  # the text is a mask
    for row in range(n):
        y = top + row * (first.height + GAP)
        page.paste(_cell(sheet.images[row]), (lefts[0], y))
        for column in range(m):
            page.paste(_swapped_cell(sheet, row, column), (lefts[column + 1], y))
    return page


def _cell(image: npt.ArrayLike) -> Image.Image:
    return enlarge(to_picture(image), CELL)


def _swapped_cell(sheet: Sheet, row: int, column: int) -> Image.Image:
    cell = _cell(sheet.swapped.pictures[row, column])
    if sheet.swapped.is_own[row, column]:
        cell = ringed(cell, GAP)
    if sheet.wrong is not None and sheet.wrong[row, column]:
        cell = cell.convert("RGB")
        box = (cell.width - 22, 6, cell.width - 7, 21)
        ImageDraw.Draw(cell).ellipse(box, fill=WRONG, outline=(255, 255, 255), width=2)
    return cell


def _fitting(name: str, width: int) -> Image.Image:
    """The name as a mask of at most `width` pixels: broken, made smaller, at last cut."""
    lines = _broken(name)
    for size in range(LARGEST_TEXT, SMALLEST_TEXT - 1, -2):
        mask = _mask(lines, size)
        if mask.width <= width:
            return mask
    while mask.width > width and max(map(len, lines)) > 2:
        longest = max(map(len, lines))
        lines = [line[:-2] + "…" if len(line) == longest else line for line in lines]
        mask = _mask(lines, SMALLEST_TEXT)
    return mask


def _broken(name: str) -> list[str]:
    words = " ".join(name.replace("/", "/ ").split()).split(" ")
    if len(words) < LINES:
        return words
    middle = min(
        range(1, len(words)),
        key=lambda i: max(len(" ".join(words[:i])), len(" ".join(words[i:]))),
    )
    return [" ".join(words[:middle]), " ".join(words[middle:])]


def _mask(lines: Sequence[str], size: int) -> Image.Image:
    font, text = font_of(size), "\n".join(lines)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (0, 0), text, font=font, align="center", spacing=2
    )
    mask = Image.new("L", (max(1, int(right - left) + 2), max(1, int(bottom - top) + 2)), 0)
    ImageDraw.Draw(mask).multiline_text(
        (1 - left, 1 - top), text, fill=255, font=font, align="center", spacing=2
    )
    return mask
