"""Where one image's code lies among the stored ones, on the quick map."""

from __future__ import annotations

import streamlit as st

from vaelab.latent import PROJECTIONS
from vaelab.latent.names import dimension_name
from vaelab.web.decoding import Encoded
from vaelab.web.figures import Mark, latent_map
from vaelab.web.map.projections import MapRequest, make_map, splits_present
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

POINTS = 5_000


def show_place(opened: Opened, code: Encoded) -> None:
    """Where the code lies among the stored ones, on the quick map."""
    st.subheader("Its place on the map", anchor=False)
    there = splits_present(opened.latents)
    split = "test" if "test" in there else "all"
    k = opened.latents.latent_dim
    request = MapRequest("dims" if k <= 2 else "pca", (0, min(1, k - 1)), split, POINTS)
    made = make_map(opened.checkpoint, request)
    x, y = made.projection.place(code.mean)[0]
    labels = None if opened.latents.labels is None else opened.latents.labels[made.rows]
    labels_of = made.projection.axis_labels
    if request.method == "dims":
        labels_of = (dimension_name(0), dimension_name(1) if k > 1 else "")
    st.plotly_chart(
        latent_map(
            made.points,
            labels,
            opened.class_names,
            axis_labels=labels_of,
            numbers=opened.latents.index[made.rows],
            colours=class_colours(max(1, len(opened.class_names))),
            marks=[Mark(float(x), float(y), "this image")],
            height=460,
        ),
        key="place",
        alt="Map of the stored codes with this image’s place",
        config={"scrollZoom": True, "displaylogo": False},
    )
    which = "test " if split == "test" else ""
    st.caption(f"{len(made.rows):,} {which}codes. {PROJECTIONS[request.method].description}")
