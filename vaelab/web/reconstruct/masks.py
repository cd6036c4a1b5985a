"""Which pixels of a picture are hidden: halves, and a box."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

Mask = npt.NDArray[np.bool_]  # (H, W), True where a pixel is visible

BOX = "A box"
HALVES: dict[str, Callable[[int, int], tuple[slice, slice]]] = {
    "Bottom half": lambda h, w: (slice(h // 2, h), slice(w)),
    "Top half": lambda h, w: (slice(h // 2), slice(w)),
    "Left half": lambda h, w: (slice(h), slice(w // 2)),
    "Right half": lambda h, w: (slice(h), slice(w // 2, w)),
}
HIDDEN = (0.42, 0.36, 0.62)  # the colour of what is hidden


def all_but(rows: slice, columns: slice, size: tuple[int, int]) -> Mask:
    """Everything visible but some rows' columns."""
    visible = np.ones(size, np.bool_)
    visible[rows, columns] = False
    return visible


def choose(size: tuple[int, int], key: str) -> Mask:
    """Let the user hide a part of pictures of `size` (H, W)."""
    name = st.segmented_control(
        "Hide",
        [*HALVES, BOX],
        default=next(iter(HALVES)),
        required=True,
        key=f"{key}-what",
        persist_state="session",
        wrap=True,
    )
    if name != BOX:
        return all_but(*HALVES[name](*size), size)
    with st.grid("auto", min_column_width=260, gap="medium"):
        ends = []
        for title, length in zip(("Rows", "Columns"), size, strict=True):
            ends.append(
                st.slider(
                    f"{title} hidden",
                    0,
                    length,
                    (length // 4, length - length // 4),
                    key=f"{key}-{title}",
                    persist_state="session",
                    help="From the first to before the last; 0 is above, or on the left.",
                )
            )
    return all_but(slice(*ends[0]), slice(*ends[1]), size)


def with_hidden(image: npt.ArrayLike, visible: Mask) -> npt.NDArray[np.float32]:
    """The picture (C, H, W) in [0, 1], in colour, with what is hidden covered: (3, H, W)."""
    pixels = np.asarray(image, np.float32)
    wide = np.broadcast_to(pixels, (3, *pixels.shape[1:]))
    cover = np.array(HIDDEN, np.float32)[:, None, None]
    return np.where(visible, wide, cover)
