"""Figures of a plane of codes: points, Gaussians as ellipses, a density, places with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vaelab.latent import Latents
from vaelab.web.figures import layout
from vaelab.web.learn.posterior_grid import PosteriorGrid, Window

GREY = "rgba(128, 128, 128, 0.9)"
MOST_POINTS = 2000
LEGEND = {"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0, "title": {"text": ""}}


def plane_figure(
    axis_labels: tuple[str, str], window: Window | None = None, height: int = 420
) -> go.Figure:
    """An empty plane on which a circle is a circle."""
    figure = go.Figure()
    shared = layout(height)
    horizontal = {**shared["xaxis"], "title": {"text": axis_labels[0]}, "constrain": "domain"}
    vertical = {
        **shared["yaxis"],
        "title": {"text": axis_labels[1]},
        "scaleanchor": "x",
        "constrain": "domain",
    }
    if window is not None:
        horizontal["range"], vertical["range"] = list(window[0]), list(window[1])
    figure.update_layout(
        **{**shared, "xaxis": horizontal, "yaxis": vertical},
        legend=LEGEND,
        hovermode="closest",
        dragmode="pan",
    )
    return figure


def add_points(
    figure: go.Figure,
    points: npt.ArrayLike,
    name: str,
    *,
    colours: Sequence[str] | str = GREY,
    size: float = 4,
    opacity: float = 0.5,
) -> None:
    """Codes (N, 2), thinned evenly to MOST_POINTS."""
    xy = np.asarray(points, np.float64)
    step = -(-len(xy) // MOST_POINTS) or 1
    figure.add_trace(
        go.Scatter(
            x=xy[::step, 0],
            y=xy[::step, 1],
            mode="markers",
            name=name,
            marker={
                "size": size,
                "opacity": opacity,
                "color": colours if isinstance(colours, str) else list(colours)[::step],
            },
            hoverinfo="skip",
        )
    )


def add_line(
    figure: go.Figure,
    points: npt.ArrayLike,
    name: str,
    colour: str,
    *,
    dash: str = "solid",
    width: float = 2.5,
    in_legend: bool = True,
) -> None:
    """A line through points (P, 2), such as an ellipse."""
    xy = np.asarray(points, np.float64)
    figure.add_trace(
        go.Scatter(
            x=xy[:, 0],
            y=xy[:, 1],
            mode="lines",
            name=name,
            line={"color": colour, "width": width, "dash": dash},
            showlegend=in_legend,
            legendgroup=name,
            hovertemplate=name + "<extra></extra>",
        )
    )


def add_place(figure: go.Figure, point: npt.ArrayLike, name: str, colour: str) -> None:
    """One code (2,) as a ringed dot."""
    x, y = np.asarray(point, np.float64)
    figure.add_trace(
        go.Scatter(
            x=[x],
            y=[y],
            mode="markers",
            name=name,
            marker={"size": 12, "color": colour, "line": {"width": 2, "color": "white"}},
            hovertemplate=name + ": %{x:.2f}, %{y:.2f}<extra></extra>",
        )
    )


def add_density(figure: go.Figure, grid: PosteriorGrid, colour: str, name: str) -> None:
    """A density as one colour over the page's own, transparent where there is none."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    scale = [
        [t, f"rgba({red}, {green}, {blue}, {0.85 * t**0.7:.3f})"] for t in np.linspace(0, 1, 9)
    ]
    figure.add_trace(
        go.Heatmap(
            x=grid.across,
            y=grid.up,
            z=grid.density,
            colorscale=scale,
            showscale=False,
            name=name,
            zsmooth="best",
            hovertemplate="%{x:.2f}, %{y:.2f}: density %{z:.3g}<extra>" + name + "</extra>",
        )
    )
    figure.add_trace(  # a heat map has no place in the legend
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=name,
            marker={"symbol": "square", "size": 12, "color": colour},
        )
    )


def window_around(points: npt.ArrayLike, margin: float = 0.08) -> Window:
    """A square that holds points (N, 2), with room to spare as a share of its side."""
    xy = np.asarray(points, np.float64)
    low, high = xy.min(axis=0), xy.max(axis=0)
    centre, half = (low + high) / 2, float((high - low).max()) * (0.5 + margin) or 1.0
    (left, right), (bottom, top) = ((float(c - half), float(c + half)) for c in centre)
    return (left, right), (bottom, top)


def class_colours_of(latents: Latents, colours: Sequence[str]) -> Sequence[str] | str:
    """Colour of each stored code by its class; one grey for all without labels."""
    return GREY if latents.labels is None else [colours[c] for c in latents.labels]


PLAIN: dict[str, Any] = {"displayModeBar": False, "scrollZoom": True}
