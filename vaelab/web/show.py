"""Arrays of images on a page: enlarged by whole factors, as PNG, so that a pixel stays a pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.pictures import enlarge, png_bytes, to_picture


def picture(image: npt.ArrayLike, *, alt: str, caption: str | None = None, side: int = 192) -> None:
    """One image (C, H, W), enlarged to about `side` pixels; alt is read out by screen readers."""
    shown = enlarge(to_picture(image), side)
    st.image(png_bytes(shown), caption=caption, alt=alt, width=shown.width, output_format="PNG")


def pictures(
    images: npt.ArrayLike, *, alts: Sequence[str], captions: Sequence[str], side: int = 72
) -> None:
    """Images (N, C, H, W) in rows of as many as fit, each at most `side` pixels wide."""
    shown = [enlarge(to_picture(image), side) for image in np.asarray(images)]
    with st.grid("auto", min_column_width=min(side, 80), gap="small"):
        for image, alt, caption in zip(shown, alts, captions, strict=True):
            st.image(png_bytes(image), caption, image.width, output_format="PNG", alt=alt)
