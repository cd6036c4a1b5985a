"""The map itself: the figure, what is selected on it, and what the selection shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import PROJECTIONS
from vaelab.latent.names import dimension_name
from vaelab.web import words
from vaelab.web.class_picker import pick_class
from vaelab.web.figures import Backdrop, latent_map, map_rows
from vaelab.web.map import map_selection
from vaelab.web.map.manifold import manifold
from vaelab.web.map.map_controls import SPLIT_NAMES, choose_map
from vaelab.web.map.projections import (
    CodeMap,
    MapRequest,
    choose_rows,
    estimated_seconds,
    make_map,
    ready_map,
)
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

TOOLS = {"Click": "pan", "Lasso": "lasso", "Box": "select"}

Rows = npt.NDArray[np.int64]


@st.fragment
def draw(opened: Opened, webgl: bool = True) -> None:
    """Controls, the map, and beside it what is selected; `webgl` as in `latent_map`."""
    request = choose_map(opened)
    _, available = choose_rows(opened.latents, request.split, request.n)
    if available < PROJECTIONS[request.method].smallest:
        st.info(f"{PROJECTIONS[request.method].title} needs more codes than the {available} here.")
        return
    made = ready_map(opened.checkpoint, request)
    if made is None:
        _offer(opened, request, min(available, request.n))
        return
    _say(opened, made, request)
    grid = st.grid(3, min_column_width=240, gap="medium")
    with grid.cell(column_span=2):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            tool = _tool()
            wanted = _wants_backdrop(opened, request)
        backdrop = _backdrop(opened) if wanted else None
        chosen = _chart(opened, made, request, backdrop, TOOLS[tool], webgl)
    with grid.cell(column_span=1):
        if not len(chosen):
            map_selection.show_hint()
        elif len(chosen) == 1:
            map_selection.show_point(opened, int(chosen[0]))
        else:
            map_selection.show_group(opened, chosen)


def _offer(opened: Opened, request: MapRequest, n: int) -> None:
    """A button that makes a slow map, and runs the page again when it is there."""
    title = PROJECTIONS[request.method].title
    with st.container(border=True):
        st.markdown(
            f"**{title} has not been computed for these {n:,} codes yet.** It takes about "
            f"{words.duration(estimated_seconds(request, n))} on one core and is then kept while "
            "the app runs."
        )
        slot = st.empty()
        if not slot.button(f"Compute {title}", type="primary", icon=":material/play_arrow:"):
            return
        slot.button(f"Compute {title}", icon=":material/play_arrow:", disabled=True, key="map-busy")
        with st.spinner(f"Computing {title} of {n:,} codes …", show_time=True):
            make_map(opened.checkpoint, request)
    st.rerun()


def _say(opened: Opened, made: CodeMap, request: MapRequest) -> None:
    """What is drawn of how much, and how far to trust it, in a line."""
    drawn, projector = len(made.rows), PROJECTIONS[request.method]
    of = "" if drawn == made.available else f" of {made.available:,}"
    which = "" if request.split == "all" else f"{SPLIT_NAMES[request.split].lower()} "
    means = "" if opened.checkpoint.model_config.is_autoencoder else ", posterior means"
    parts = [f"{drawn:,}{of} {which}codes{means}."]
    share = made.projection.explained_variance
    if request.method == "pca" and share is not None:
        parts.append(f"This plane holds {sum(share):.0%} of the codes’ variance.")
    elif request.is_slow:
        parts.append(f"{made.projection.title}.")
    parts.append(projector.description)
    if opened.n_classes:
        parts.append("A conditional model is told the class, so its codes need not part by class.")
    st.caption(" ".join(parts))


def _tool() -> str:
    """How points are selected: Streamlit takes clicks on points only while dragging pans."""
    chosen = st.segmented_control(
        "Select by",
        list(TOOLS),
        default="Click",
        required=True,
        label_visibility="collapsed",
        key="map-tool",
        persist_state="session",
    )
    return str(chosen)


def _wants_backdrop(opened: Opened, request: MapRequest) -> bool:
    """Whether decoded pictures lie under the plane, which a two-dimensional model's alone can."""
    if request.method != "dims" or opened.latents.latent_dim != 2:
        return False
    return st.toggle(
        "Decoded pictures under the plane",
        value=True,
        key=f"map-manifold-{opened.key}",
        persist_state="session",
        help="What the decoder draws at each place. With two dimensions, every place is a code.",
    )


def _backdrop(opened: Opened) -> Backdrop:
    label = None
    if opened.n_classes:
        label = pick_class("Class of the pictures", opened.class_names, f"map-class-{opened.key}")
    return _manifold(opened.key, opened, label)


@st.cache_data(max_entries=32, show_spinner=False)
def _manifold(key: str, _opened: Opened, label: int | None) -> Backdrop:
    return manifold(_opened.model, _opened.latents.mean, (0, 1), label)


def _chart(
    opened: Opened,
    made: CodeMap,
    request: MapRequest,
    backdrop: Backdrop | None,
    dragmode: str,
    webgl: bool,
) -> Rows:
    """The figure; the rows of the latents that are selected on it."""
    labels = None if opened.latents.labels is None else opened.latents.labels[made.rows]
    figure = latent_map(
        made.points,
        labels,
        opened.class_names,
        axis_labels=_axis_labels(made, request),
        numbers=opened.latents.index[made.rows],
        colours=class_colours(max(1, len(opened.class_names))),
        backdrop=backdrop,
        dragmode=dragmode,
        webgl=webgl,
    )
    event = st.plotly_chart(
        figure,
        key="-".join(map(str, ("map", opened.key, *astuple(request)))),
        on_select="rerun",
        alt=f"Map of the codes of {opened.checkpoint.id}, {made.projection.title}",
        config={
            "scrollZoom": True,
            "displaylogo": False,
            "modeBarButtonsToRemove": ["resetScale2d"],
        },
    )
    traces = map_rows(labels, len(made.rows), len(opened.class_names))
    return made.rows[selected(event, traces)]


def selected(event: Mapping[str, Any], traces: Sequence[Rows]) -> Rows:
    """Which points a selection holds, sorted: traces and positions as the browser names them.

    What the browser says is not trusted: numbers outside the map are left out.
    """
    found: set[int] = set()
    for point in event.get("selection", {}).get("points", ()):
        trace, position = point.get("curve_number", -1), point.get("point_index", -1)
        if 0 <= trace < len(traces) and 0 <= position < len(traces[trace]):
            found.add(int(traces[trace][position]))
    return np.array(sorted(found), np.int64)


def _axis_labels(made: CodeMap, request: MapRequest) -> tuple[str, str]:
    if request.method != "dims":
        return made.projection.axis_labels
    if made.projection.axis_labels[1] == "":
        return dimension_name(request.dims[0]), ""
    return dimension_name(request.dims[0]), dimension_name(request.dims[1])
