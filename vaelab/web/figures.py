"""Figures of the latent space: plain functions that return a Plotly figure, for any caller.

Backgrounds are transparent and lines half-grey, so that a figure reads on light and dark alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from PIL import Image

from vaelab.web.palette import class_colours

LINE = "rgba(128, 128, 128, 0.25)"
TRANSPARENT = "rgba(0, 0, 0, 0)"
UNLABELLED = "images"  # the one trace of a map without classes
MAP_HEIGHT = 560


@dataclass(frozen=True, eq=False)
class Backdrop:
    """A picture that lies under a map, in the map's own coordinates.

    Attributes:
        picture: row 0 is the top, so the largest y.
        x, y: the ranges it covers.
    """

    picture: Image.Image
    x: tuple[float, float]
    y: tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """One named place on a map, such as an upload's."""

    x: float
    y: float
    name: str


def layout(height: int, **more: Any) -> dict[str, Any]:
    """What all figures share."""
    axis = {"gridcolor": LINE, "zerolinecolor": LINE, "linecolor": LINE}
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "xaxis": axis,
        "yaxis": axis,
        **more,
    }


def map_rows(
    labels: npt.NDArray[np.int64] | None, n: int, n_classes: int
) -> list[npt.NDArray[np.int64]]:
    """Which of the n points each trace of `latent_map` draws, in their order: one array a trace."""
    if labels is None:
        return [np.arange(n)]
    return [np.flatnonzero(labels == c) for c in range(n_classes)]


def latent_map(
    points: npt.ArrayLike,
    labels: npt.ArrayLike | None = None,
    class_names: Sequence[str] = (),
    *,
    axis_labels: tuple[str, str] = ("", ""),
    numbers: npt.ArrayLike | None = None,
    colours: Sequence[str] | None = None,
    backdrop: Backdrop | None = None,
    marks: Sequence[Mark] = (),
    dragmode: str = "pan",
    height: int = MAP_HEIGHT,
    webgl: bool = True,
) -> go.Figure:
    """Codes on a plane as a scatter, one trace a class, so that the legend filters.

    >>> projection = project("pca", latents.mean)
    >>> latent_map(projection.points, latents.labels, checkpoint.class_names)

    Args:
        points: (N, 2).
        labels: int (N,) in 0..len(class_names)-1, or None for a single trace.
        class_names: one a class.
        axis_labels: of x and y.
        numbers: (N,), what the hover card calls each point; its row when None.
        colours: one a class; the colours of all vaelab pages when None.
        backdrop: lies under the points, which are then smaller.
        marks: drawn as stars on top.
        dragmode: what dragging does: `pan`, `lasso` or `select`.
        height: pixels.
        webgl: False draws without the graphics card, which is slow from some thousand points on.

    Raises:
        ValueError: if points are not (N, 2), or labels do not fit them or the class names.
    """
    xy, y = _checked(points, labels, len(class_names))
    names = list(class_names) if y is not None else [UNLABELLED]
    colours = class_colours(len(names)) if colours is None else colours
    shown = np.arange(len(xy)) if numbers is None else np.asarray(numbers)
    size, opacity = _marker(len(xy), backdrop is not None)
    if marks:
        opacity *= 0.6
    scatter = go.Scattergl if webgl else go.Scatter
    figure = go.Figure()
    for c, rows in enumerate(map_rows(y, len(xy), len(names))):
        figure.add_trace(
            scatter(
                x=xy[rows, 0],
                y=xy[rows, 1],
                mode="markers",
                name=names[c],
                customdata=shown[rows],
                marker={"color": colours[c], "size": size, "opacity": opacity},
                # Only what is dimmed changes: a restyled size would redraw every point.
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 0.12}},
                hovertemplate="image %{customdata}<extra>" + names[c] + "</extra>",
            )
        )
    _add_marks(figure, marks)
    legend = y is not None or bool(marks)
    figure.update_layout(**_map_layout(axis_labels, height, legend, dragmode))
    if backdrop is not None:
        figure.add_layout_image(_backdrop_image(backdrop))
    return figure


def class_counts(
    labels: npt.ArrayLike, class_names: Sequence[str], colours: Sequence[str] | None = None
) -> go.Figure:
    """How many of the images belong to each class that occurs: bars, the most frequent on top."""
    counts = np.bincount(np.asarray(labels, np.int64), minlength=len(class_names))
    order = [int(c) for c in np.argsort(counts, kind="stable") if counts[c]]
    colours = class_colours(len(class_names)) if colours is None else colours
    figure = go.Figure(
        go.Bar(
            x=counts[order],
            y=[class_names[c] for c in order],
            orientation="h",
            marker={"color": [colours[c] for c in order]},
            text=counts[order],
            textposition="auto",
            cliponaxis=False,
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    )
    figure.update_layout(**layout(40 + 26 * max(1, len(order)), bargap=0.25))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(type="category", showgrid=False)
    return figure


def _checked(
    points: npt.ArrayLike, labels: npt.ArrayLike | None, n_classes: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64] | None]:
    xy = np.asarray(points, np.float32)
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise ValueError(f"points must be of shape (N, 2), got {xy.shape}.")
    if labels is None:
        return xy, None
    y = np.asarray(labels, np.int64)
    if y.shape != (len(xy),):
        raise ValueError(f"labels must be of shape ({len(xy)},), got {y.shape}.")
    if len(y) and not (y.min() >= 0 and y.max() < n_classes):
        raise ValueError(
            f"labels must lie in 0..{n_classes - 1}, the class names given, "
            f"got {y.min()}..{y.max()}."
        )
    return xy, y


def _marker(n: int, on_picture: bool) -> tuple[float, float]:
    """Size in pixels and opacity: many points are small and let through what lies beneath."""
    if on_picture:
        return 3.5, 0.8
    if n <= 1000:
        return 7.0, 0.85
    return (5.0, 0.7) if n <= 10_000 else (3.0, 0.5)


def _add_marks(figure: go.Figure, marks: Sequence[Mark]) -> None:
    for mark in marks:
        figure.add_trace(
            go.Scattergl(  # as the points: SVG would lie under them
                x=[mark.x],
                y=[mark.y],
                mode="markers",
                name=mark.name,
                marker={
                    "symbol": "star",
                    "size": 18,
                    "color": "#ffffff",
                    "line": {"color": "#111111", "width": 2},
                },
                hovertemplate="%{fullData.name}<extra></extra>",
            )
        )


def _map_layout(
    axis_labels: tuple[str, str], height: int, legend: bool, dragmode: str
) -> dict[str, Any]:
    shared = layout(height)
    return {
        **shared,
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "itemsizing": "constant",
            "title": {"text": ""},
        },
        "modebar": {"orientation": "v", "bgcolor": TRANSPARENT},  # beside the legend, not on it
        "dragmode": dragmode,
        "hovermode": "closest",
        "xaxis": {**shared["xaxis"], "title": {"text": axis_labels[0]}, "zeroline": False},
        "yaxis": {
            **shared["yaxis"],
            "title": {"text": axis_labels[1]},
            "zeroline": False,
            "scaleanchor": "x",  # one unit is as long across as up: distances are not stretched
        },
    }


def _backdrop_image(backdrop: Backdrop) -> dict[str, Any]:
    return {
        "source": backdrop.picture,
        "xref": "x",
        "yref": "y",
        "x": backdrop.x[0],
        "y": backdrop.y[1],
        "sizex": backdrop.x[1] - backdrop.x[0],
        "sizey": backdrop.y[1] - backdrop.y[0],
        "sizing": "stretch",
        "layer": "below",
    }
