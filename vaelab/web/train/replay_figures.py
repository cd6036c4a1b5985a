"""Figures of one epoch of a run: where its codes lie, and what each dimension carries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vaelab.runs.diagnosis import INACTIVE
from vaelab.web.figures import latent_map

HEIGHT = 320


def map_figure(
    points: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64] | None,
    class_names: Sequence[str],
    span: npt.NDArray[np.float32],
) -> go.Figure:
    """Codes of validation images on a plane.

    Args:
        points: (N, 2).
        labels: (N,), or None.
        class_names: one a label that may occur.
        span: (2, 2), the least and the largest x and y of all epochs: the axes stand still.
    """
    figure = latent_map(points, labels, class_names, height=HEIGHT)
    low, high = span
    pad = 0.05 * (high - low) + 1e-6
    figure.update_xaxes(range=[low[0] - pad[0], high[0] + pad[0]], showticklabels=False)
    figure.update_yaxes(
        range=[low[1] - pad[1], high[1] + pad[1]], showticklabels=False, scaleanchor=None
    )
    figure.update_layout(showlegend=False)
    return figure


def rates_figure(rates: npt.NDArray[np.float32], highest: float) -> go.Figure:
    """Rate of each dimension, the inactive ones in grey.

    Args:
        rates: (K,), nats, mean over validation images.
        highest: of all epochs: the axis stands still.
    """
    colours = ["#94a4a2" if rate < INACTIVE else "#3f90da" for rate in rates]
    figure = go.Figure(
        go.Bar(
            x=[str(k) for k in range(len(rates))],
            y=rates.astype(float),
            marker={"color": colours},
            hovertemplate="dimension %{x}: %{y:.3f} nats<extra></extra>",
        )
    )
    figure.update_layout(height=HEIGHT, margin={"l": 0, "r": 8, "t": 8, "b": 0}, bargap=0.2)
    figure.update_xaxes(title="dimension", type="category", title_standoff=6)
    figure.update_yaxes(title="rate, nats", range=[0, highest * 1.05 + 1e-9], nticks=5)
    return figure


def active(rates: npt.NDArray[np.float32]) -> str:
    """`9 of 16 dimensions are active`, each carrying at least `INACTIVE` nats."""
    n = int((rates >= INACTIVE).sum())
    return f"{n} of {len(rates)} dimension{'s' if len(rates) > 1 else ''} active"
