"""Estimates that settle as samples are added: lines with bands, over the number of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from vaelab.web.figures import LINE, layout
from vaelab.web.learn.marginal_estimate import Numbers

BAND_STD = 2.0  # standard errors that a band reaches to either side
FIRST = 8  # samples below which an estimate says nothing and would set the scale


@dataclass(frozen=True, eq=False)
class Settling:
    """One estimate as samples are added.

    Attributes:
        name: in the legend.
        n, value, error: (P,) each.
        colour: hex.
    """

    name: str
    n: Numbers
    value: Numbers
    error: Numbers
    colour: str


def settling_figure(
    panels: Sequence[tuple[str, Sequence[Settling]]], unit: str, height: int = 360
) -> go.Figure:
    """Panels side by side, each with its own vertical axis; samples on a logarithmic one."""
    figure = make_subplots(
        cols=len(panels),
        horizontal_spacing=0.1,
        subplot_titles=[title for title, _ in panels] if len(panels) > 1 else None,
    )
    for column, (_, estimates) in enumerate(panels, start=1):
        for estimate in estimates:
            for trace in _traces(estimate, in_legend=column == 1):
                figure.add_trace(trace, row=1, col=column)
    shared = layout(height, hovermode="x unified")
    axes = {name: shared.pop(name) for name in ("xaxis", "yaxis")}
    figure.update_layout(**shared, legend=_legend())
    figure.update_layout(margin={"t": 64 if len(panels) > 1 else 32, "l": 8, "r": 8, "b": 8})
    figure.update_xaxes(**axes["xaxis"], type="log", title="samples", dtick=1)
    figure.update_yaxes(**axes["yaxis"], nticks=6, zeroline=False)
    figure.update_yaxes(title=unit, col=1)
    return figure


def _traces(estimate: Settling, *, in_legend: bool) -> list[go.Scatter]:
    shown = estimate.n >= min(FIRST, estimate.n[-1])
    n, value = estimate.n[shown], estimate.value[shown]
    reach = BAND_STD * estimate.error[shown]
    band = go.Scatter(
        x=np.concatenate([n, n[::-1]]),
        y=np.concatenate([value + reach, (value - reach)[::-1]]),
        fill="toself",
        fillcolor=_faint(estimate.colour),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        legendgroup=estimate.name,
    )
    line = go.Scatter(
        x=n,
        y=value,
        mode="lines",
        name=estimate.name,
        line={"color": estimate.colour, "width": 2.5},
        legendgroup=estimate.name,
        showlegend=in_legend,
        hovertemplate="%{y:,.2f}",
    )
    return [band, line]


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.18)"


def _legend() -> dict[str, object]:
    return {
        "orientation": "h",
        "y": -0.22,
        "yanchor": "top",
        "x": 0,
        "title": {"text": ""},
        "bgcolor": "rgba(0, 0, 0, 0)",
        "bordercolor": LINE,
    }
