"""A run's curves: plain functions from its numbers to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from vaelab.runs import Metric

HEIGHT = 240
SPLITS = ("validation", "train")  # in the order of the theme's colours


@dataclass(frozen=True)
class Curve:
    """One number of every epoch.

    Attributes:
        name: as the run recorded it.
        title: for people.
        meaning: one sentence.
    """

    name: str
    title: str
    meaning: str


CURVES = (
    Curve("elbo", "ELBO", "Higher is better: a lower bound of log p(x)."),
    Curve("distortion", "Distortion", "What the decoder gets wrong: -log p(x|z)."),
    Curve("rate", "Rate", "What the code says about the image: KL from the prior."),
)
LOSS = Curve("loss", "Loss", "What the optimiser minimises, penalties included.")


def curves_of(metrics: Sequence[Metric]) -> list[Curve]:
    """The curves there are numbers for; an autoencoder has a distortion and a loss."""
    names = {metric.name for metric in metrics}
    found = [curve for curve in CURVES if curve.name in names]
    return found if "elbo" in names or not found else [*found, LOSS]


def curve_figure(metrics: Sequence[Metric], curve: Curve, epochs: int) -> go.Figure:
    """Training and validation values of one number over the epochs, nats per image.

    Args:
        metrics: the run's numbers.
        curve: which.
        epochs: that the run will have; the axis reaches there from the start, so nothing jumps.
    """
    figure = go.Figure()
    for split in SPLITS:
        points = [m for m in metrics if m.name == curve.name and m.split == split]
        figure.add_scatter(
            x=[m.epoch for m in points],
            y=[m.value for m in points],
            name=split,
            mode="lines+markers" if len(points) < 30 else "lines",
            line={"width": 2, "dash": "solid" if split == "validation" else "dot"},
            marker={"size": 5},
            hovertemplate="epoch %{x}: %{y:.2f}<extra>" + split + "</extra>",
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 34, "b": 0},
        title={"text": f"{curve.title}, nats per image", "font": {"size": 14}},
        legend={"orientation": "h", "y": -0.22, "x": 0},
        hovermode="x unified",
        uirevision="keep",
    )
    figure.update_xaxes(title="epoch", range=[0.5, max(epochs, 1) + 0.5], title_standoff=6)
    figure.update_yaxes(nticks=5)
    return figure
