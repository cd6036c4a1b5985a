"""Which pixels of a picture are hidden: halves, a box, or what is painted over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

Mask = npt.NDArray[np.bool_]  # (H, W), True where a pixel is visible

BOX, PAINTED = "A box", "Painted"
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


def choose(key: str, *, paintable: bool) -> str:
    """Let the user say how a part is hidden: the name of a half, `BOX` or `PAINTED`."""
    return str(
        st.segmented_control(
            "Hide",
            [*HALVES, BOX, *([PAINTED] if paintable else [])],
            default=next(iter(HALVES)),
            required=True,
            key=f"{key}-what",
            persist_state="session",
            wrap=True,
        )
    )


def half_or_box(name: str, size: tuple[int, int], key: str) -> Mask:
    """The mask of that name for pictures of `size` (H, W); a box's ends can be moved."""
    if name in HALVES:
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


def flaw(visible: Mask, *, painted: bool) -> str | None:
    """Why there is nothing to fill in, or to go by; None for a mask that will do."""
    if visible.all():
        return (
            "Nothing is hidden, so there is nothing to fill in. Paint over a part of the picture: "
            "what may be there is drawn as soon as the pen is lifted."
            if painted
            else "Nothing is hidden, so there is nothing to fill in. Give the box a row and a "
            "column at least."
        )
    if not visible.any():
        return (
            "Everything is hidden, so nothing is left to go by. Leave a part to be seen; pictures "
            "out of nothing are what **Drawn by the model** shows."
        )
    return None


def with_hidden(image: npt.ArrayLike, visible: Mask) -> npt.NDArray[np.float32]:
    """The picture (C, H, W) in [0, 1], in colour, with what is hidden covered: (3, H, W)."""
    pixels = np.asarray(image, np.float32)
    wide = np.broadcast_to(pixels, (3, *pixels.shape[1:]))
    cover = np.array(HIDDEN, np.float32)[:, None, None]
    return np.where(visible, wide, cover)
