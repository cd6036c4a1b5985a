"""Arrays of images on a page: enlarged by whole factors, as PNG, so that a pixel stays a pixel."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import streamlit as st
from PIL import Image

from vaelab.pictures import enlarge, png_bytes, to_picture


def picture(image: npt.ArrayLike, *, alt: str, caption: str | None = None, side: int = 192) -> None:
    """One image (C, H, W), enlarged to about `side` pixels; alt is read out by screen readers."""
    shown = enlarge(to_picture(image), side)
    st.image(png_address(shown), caption=caption, alt=alt, width=shown.width)


def pictures(
    images: npt.ArrayLike,
    *,
    alts: Sequence[str],
    captions: Sequence[str],
    side: int = 72,
    gap: Literal["xsmall", "small"] = "small",
) -> None:
    """Images (N, C, H, W) in rows of as many as fit, each enlarged to about `side` pixels."""
    shown = [enlarge(to_picture(image), side) for image in np.asarray(images)]
    with st.grid("auto", min_column_width=shown[0].width if shown else side, gap=gap):
        for image, alt, caption in zip(shown, alts, captions, strict=True):
            st.image(png_address(image), caption=caption, alt=alt, width=image.width)


def png_address(picture: Image.Image) -> str:
    """The picture as a `data:` address; see `data_address`."""
    return data_address(png_bytes(picture), "image/png")


def data_address(content: bytes, kind: str) -> str:
    """A file of MIME type `kind` as a `data:` address, which travels with the page.

    A file of the server's would be gone if the next picture is there before the browser has asked
    for it, and asking takes time.
    """
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
