"""What the map page asks for: the method, the codes, the dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.latent import PROJECTIONS, SliderAxis
from vaelab.web.axes import axis_title
from vaelab.web.map.projections import MapRequest, splits_present
from vaelab.web.opened import Opened

COUNTS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
MOST_FOR_SLOW = 10_000
DEFAULT_COUNT = 5_000
SPLIT_NAMES = {"all": "All", "train": "Training", "validation": "Validation", "test": "Test"}


def choose_map(opened: Opened) -> MapRequest:
    """Draw the controls; the map they ask for."""
    k = opened.latents.latent_dim
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = st.segmented_control(
            "Projection",
            list(PROJECTIONS),
            format_func=lambda name: PROJECTIONS[name].title,
            default="dims" if k <= 2 else "pca",
            required=True,
            key=f"map-method-{opened.key}",
            persist_state="session",
        )
        split = _split(opened)
        n = _count(opened, method in ("tsne", "umap"))
    dims = (0, min(1, k - 1))
    if method == "dims" and k > 2:
        dims = _dims(opened.axes)
    return MapRequest(str(method), dims, split, n)


def _split(opened: Opened) -> str:
    there = splits_present(opened.latents)
    if len(there) == 1:
        return there[0]
    chosen = st.segmented_control(
        "Images",
        there,
        format_func=SPLIT_NAMES.__getitem__,
        default="all",
        required=True,
        key=f"map-split-{opened.key}",
        persist_state="session",
    )
    return str(chosen)


def _count(opened: Opened, slow: bool) -> int:
    total = len(opened.latents)
    counts = [n for n in COUNTS if n < total and (not slow or n <= MOST_FOR_SLOW)]
    if not slow or total <= MOST_FOR_SLOW:
        counts.append(total)
    if len(counts) == 1:
        return counts[0]
    default = max((n for n in counts if n <= DEFAULT_COUNT), default=counts[0])
    chosen = st.selectbox(
        "Points at most",
        counts,
        index=counts.index(default),
        format_func=lambda n: f"{n:,}" if n < total else f"all {total:,}",
        width=140,
        key=f"map-count-{opened.key}-{'slow' if slow else 'quick'}",
        persist_state="session",
    )
    return int(chosen)


def _dims(axes: Sequence[SliderAxis]) -> tuple[int, int]:
    """Two different dimensions, offered with the most informative first."""
    titles = {axis.dim: axis_title(axis) + (" · unused" if axis.unused else "") for axis in axes}
    with st.container(horizontal=True):
        across = st.selectbox("Across", list(titles), format_func=titles.__getitem__, width=210)
        rest = [dim for dim in titles if dim != across]
        up = st.selectbox("Up", rest, format_func=titles.__getitem__, width=210)
    return int(across), int(up)
