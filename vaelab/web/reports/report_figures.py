"""A report's figures: plain functions that return a Plotly figure, for pages and notebooks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from vaelab.evaluation import Report
from vaelab.evaluation.compare import RatePoint
from vaelab.evaluation.definitions.typicality import ALTERNATIVES
from vaelab.evaluation.report_parts import Table
from vaelab.evaluation.units import RATE_THRESHOLD
from vaelab.latent.names import dimension_name

UNUSED = "#8a91a6"  # grey that shows on light and dark
MARGIN = {"l": 0, "r": 8, "t": 12, "b": 0}
MOST_BARS = 128
MOST_LEVEL = 20


def rate_figure(rates: Sequence[float]) -> go.Figure:
    """Mean rate of each dimension, the highest first, unused ones in grey.

    Args:
        rates: (K,), nats per image.
    """
    order = np.argsort(-np.asarray(rates))[:MOST_BARS]
    figure = go.Figure()
    for used in (True, False):
        dims = [int(d) for d in order if (rates[d] > RATE_THRESHOLD) == used]
        if not dims:
            continue
        figure.add_bar(
            x=[dimension_name(d) for d in dims],
            y=[rates[d] for d in dims],
            name="in use" if used else f"unused, at most {RATE_THRESHOLD:g} nats",
            marker={} if used else {"color": UNUSED},
            hovertemplate="%{x}: %{y:.3f} nats<extra></extra>",
        )
    figure.update_layout(
        height=280,
        margin=MARGIN,
        bargap=0.25,
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 1, "xanchor": "right"},
    )
    angle = 0 if len(order) <= MOST_LEVEL else None  # none: the names of many stand upright
    figure.update_xaxes(type="category", title="latent dimension", tickangle=angle)
    figure.update_yaxes(title="rate, nats per image", nticks=5)
    return figure


def shuffled_figure(report: Report) -> go.Figure:
    """log p(x) of test images beside that of their own pixels in random order."""
    figure = go.Figure()
    rows = (("log_px", "images"), ("log_px_shuffled", "shuffled pixels"))
    for key, label in rows:
        measured = report[key]
        figure.add_bar(
            y=[label],
            x=[measured.value],
            orientation="h",
            name=label,
            width=0.55,
            error_x={"array": [measured.standard_error or 0.0], "thickness": 1.5},
            marker={} if key == "log_px" else {"color": UNUSED},
            text=[f"{measured.value:,.1f}".replace("-", "−")],
            textposition="auto",
            textangle=0,
            hovertemplate="%{y}: %{x:.2f} nats per image<extra></extra>",
        )
    figure.update_layout(height=190, margin=MARGIN, showlegend=False, barmode="overlay")
    figure.update_xaxes(title="nats per image, higher is better", nticks=6)
    figure.update_yaxes(autorange="reversed")
    return figure


def confusion_figure(table: Table) -> go.Figure:
    """Shares by class asked for (rows) and class named (columns), from 0 to 1."""
    numbers = np.asarray(table.numbers)
    figure = go.Figure(
        go.Heatmap(
            z=numbers,
            x=list(table.columns),
            y=list(table.rows),
            zmin=0,
            zmax=1,
            colorscale="Blues",
            text=[[f"{v:.0%}" if v >= 0.005 else "" for v in row] for row in numbers],
            texttemplate="%{text}",
            hovertemplate="asked %{y}, named %{x}: %{z:.1%}<extra></extra>",
            showscale=False,
        )
    )
    side = 90 + 30 * len(table.rows)
    figure.update_layout(height=min(side, 700), margin=MARGIN)
    figure.update_xaxes(type="category", title="class named", side="top")
    figure.update_yaxes(type="category", title="class asked for", autorange="reversed")
    return figure


def log_px_figure(report: Report) -> go.Figure | None:
    """How log p(x) is spread over test images and over others; None without such values."""
    kinds = {"test images": report.values_of("log_px_typicality")}
    kinds |= {ALTERNATIVES[end]: report.values_of(f"log_px_{end}_values") for end in ALTERNATIVES}
    there = {name: values.array for name, values in kinds.items() if values is not None}
    if len(there) < 2:
        return None
    figure = go.Figure()
    for name, values in there.items():
        figure.add_box(x=values, name=name, boxpoints=False, hoverinfo="x+name")
    figure.update_layout(height=90 + 45 * len(there), margin=MARGIN, showlegend=False)
    figure.update_xaxes(title="nats per image, higher is more probable", nticks=6)
    figure.update_yaxes(autorange="reversed")
    return figure


def rate_distortion_figure(points: Sequence[RatePoint]) -> go.Figure:
    """Distortion over rate; on a dashed line every point has the same ELBO."""
    figure = go.Figure()
    rates = [p.rate for p in points]
    distortions = [p.distortion for p in points]
    pad_x = 0.25 * (max(rates) - min(rates)) + 2
    pad_y = 0.25 * (max(distortions) - min(distortions)) + 2
    x_range = [max(0.0, min(rates) - pad_x), max(rates) + pad_x]
    y_range = [min(distortions) - pad_y, max(distortions) + pad_y]
    for elbo in _levels(x_range, y_range):
        figure.add_shape(
            type="line",
            x0=x_range[0],
            y0=-elbo - x_range[0],
            x1=x_range[1],
            y1=-elbo - x_range[1],
            line={"dash": "dot", "width": 1, "color": UNUSED},
            layer="below",
        )
        # Where the line comes into the figure: beside its left edge, or below its upper one.
        left = x_range[0] + 0.01 * (x_range[1] - x_range[0])
        height = min(-elbo - left, y_range[1] - 0.07 * (y_range[1] - y_range[0]))
        figure.add_annotation(
            x=-elbo - height,
            y=height,
            text=f"ELBO {elbo:,.0f}".replace("-", "−"),
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"size": 11, "color": UNUSED},
        )
    for point in points:
        figure.add_scatter(
            x=[point.rate],
            y=[point.distortion],
            name=point.name,
            mode="markers",
            marker={"size": 13},
            hovertemplate="rate %{x:.2f}, distortion %{y:.2f}<extra>" + point.name + "</extra>",
        )
    figure.update_layout(
        height=380, margin=MARGIN, legend={"orientation": "h", "y": -0.2, "x": 0}, showlegend=True
    )
    figure.update_xaxes(title="rate, nats per image", range=x_range)
    figure.update_yaxes(title="distortion, nats per image", range=y_range)
    return figure


def _levels(x_range: Sequence[float], y_range: Sequence[float]) -> list[float]:
    """About four round ELBOs whose lines cross the left or the upper edge of the plane."""
    low = y_range[0] + x_range[0]
    high = y_range[1] + x_range[0] + 0.8 * (x_range[1] - x_range[0])  # a label fits beside it
    raw = (high - low) / 4
    step = 10 ** np.floor(np.log10(raw))
    step *= next(m for m in (1, 2, 5, 10) if m * step >= raw)
    first = np.ceil(low / step) * step
    return [-float(level) for level in np.arange(first, high, step)]
