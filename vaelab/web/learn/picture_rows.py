"""Rows of pictures under one another, each with its name: the steps of a computation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy.typing as npt
import streamlit as st
from PIL import Image

from vaelab.pictures import enlarge, to_picture
from vaelab.web import show

SIDE = 72
GAP = 10


def picture_row(name: str, pictures: Sequence[Image.Image], *, alt: str) -> None:
    """One row: its name in Markdown, then the pictures; rows of equal pictures stand in columns."""
    title, row = st.columns([1, 4], vertical_alignment="center", gap="small")
    title.markdown(name)
    row.image(show.png_address(side_by_side(pictures)), alt=alt)


def enlarged(images: npt.ArrayLike, side: int = SIDE) -> list[Image.Image]:
    """Images (N, C, H, W) as pictures of exactly `side` pixels across, pixels kept square."""
    whole = [enlarge(to_picture(image), side) for image in images]  # type: ignore[union-attr]
    return [
        picture.resize((side, round(side * picture.height / picture.width)), Image.Resampling.BOX)
        for picture in whole
    ]


def side_by_side(pictures: Sequence[Image.Image], gap: int = GAP) -> Image.Image:
    """Pictures in a row on nothing, aligned at their tops.

    Raises:
        ValueError: without a picture.
    """
    if not pictures:
        raise ValueError("pictures must hold at least one, got none.")
    width = sum(picture.width + gap for picture in pictures) - gap
    sheet = Image.new("RGBA", (width, max(picture.height for picture in pictures)), (0, 0, 0, 0))
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    return sheet
