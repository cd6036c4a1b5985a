"""Figures of a search for a better code: its curve, and the picture before and after."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import streamlit as st

from vaelab.web import show
from vaelab.web.figures import LINE, layout
from vaelab.web.image_figures import pixel_map
from vaelab.web.palette import class_colours

SIDE = 168
PLAIN = {"displayModeBar": False}
MOST_DOTS = 101


def search_curve(steps: npt.ArrayLike, values: npt.ArrayLike, title: str) -> go.Figure:
    """A quantity in nats (C,) after each of some steps (C,), beside where it began."""
    found = np.asarray(values, np.float64)
    figure = go.Figure(
        go.Scatter(
            x=np.asarray(steps),
            y=found,
            mode="lines+markers" if len(found) <= MOST_DOTS else "lines",
            line={"color": class_colours(1)[0], "width": 2},
            marker={"size": 5},
            hovertemplate="step %{x}: %{y:.2f} nats<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_hline(
        y=float(found[0]),
        line={"color": LINE, "width": 2, "dash": "dot"},
        annotation={"text": "the encoder’s", "font": {"size": 12}},
        annotation_position="bottom right",
    )
    figure.update_layout(**layout(280))
    figure.update_xaxes(title={"text": "gradient steps"}, zeroline=False)
    figure.update_yaxes(title={"text": title}, zeroline=False)
    return figure


def before_and_after(
    image: npt.NDArray[np.float32], before: npt.NDArray[np.float32], after: npt.NDArray[np.float32]
) -> None:
    """Both reconstructions and their errors on one scale; all (C, H, W) in [0, 1]."""
    errors = [np.abs(image - decoded) for decoded in (before, after)]
    largest = float(max(error.max() for error in errors))
    names = ("the encoder’s code", "the better code")
    with st.grid("auto", min_column_width=SIDE + 12, gap="medium"):
        for name, decoded in zip(names, (before, after), strict=True):
            with st.container():
                st.markdown(f"**From {name}**")
                show.picture(decoded, alt=f"decoded from {name}", side=SIDE)
        for name, error in zip(names, errors, strict=True):
            with st.container():
                st.markdown(f"**Error of {name}**")
                st.plotly_chart(
                    pixel_map(error, side=SIDE, largest=largest),
                    width=SIDE,
                    key=f"error of {name}",
                    alt=f"Absolute error of each pixel, from {name}",
                    config=PLAIN,
                )
                st.caption(f"Mean {error.mean():.3f}, largest {error.max():.3f}.")
