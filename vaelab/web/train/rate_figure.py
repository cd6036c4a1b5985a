"""The curve of a learning-rate range test: a plain function from its numbers to a figure."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from vaelab.training import RangeTest

HEIGHT = 260
ABOVE = 0.35  # of what the loss fell by, that is shown above where it began: then it explodes
TICKS = [10.0**power for power in range(-5, 1)]
MARK = "rgba(128, 128, 128, 0.9)"


def rate_figure(found: RangeTest) -> go.Figure:
    """Loss against learning rate on a logarithmic axis, the suggested rate marked.

    Raises:
        ValueError: if there is no loss to show.
    """
    if not found.losses:
        raise ValueError("found must hold at least one loss, got none.")
    figure = go.Figure(
        go.Scatter(
            x=list(found.rates),
            y=list(found.losses),
            mode="lines",
            line={"width": 2},
            hovertemplate="learning rate %{x:.2g}: loss %{y:.2f}<extra></extra>",
        )
    )
    if found.suggestion is not None:
        figure.add_vline(found.suggestion, line={"dash": "dot", "width": 1.5, "color": MARK})
        figure.add_annotation(
            x=math.log10(found.suggestion),  # on a logarithmic axis, unlike the line's
            y=1,
            yref="paper",
            text=f"suggested: {found.suggestion:g}",
            font={"size": 12},
            showarrow=False,
            xanchor="left",
            xshift=4,
        )
    low, first = min(found.losses), found.losses[0]
    margin = 0.06 * (first - low) or 1.0
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 34, "b": 0},
        title={"text": "Loss at ever higher rates, nats per image", "font": {"size": 14}},
        showlegend=False,
        uirevision="keep",
    )
    figure.update_xaxes(
        type="log",
        title="learning rate",
        tickvals=TICKS,
        ticktext=[f"{tick:.5f}".rstrip("0").rstrip(".") for tick in TICKS],
        title_standoff=6,
    )
    top = max(first, min(max(found.losses), first + ABOVE * (first - low)))
    figure.update_yaxes(nticks=5, range=[low - margin, top + margin])
    return figure
