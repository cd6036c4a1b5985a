"""Figures of several runs: plain functions from their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from vaelab.runs import Metric
from vaelab.runs.record import Run
from vaelab.web.palette import class_colours
from vaelab.web.train.curves import Curve

HEIGHT = 380


@dataclass(frozen=True)
class RatePoint:
    """Where a run ended in the rate-distortion plane, nats per image, on validation images."""

    name: str
    rate: float
    distortion: float
    setting: str  # what sets it apart, for the hover card


def curves_figure(numbers: Mapping[str, Sequence[Metric]], curve: Curve) -> go.Figure:
    """One number of several runs over their epochs, on validation images: a line a run."""
    figure = go.Figure()
    colours = class_colours(len(numbers))
    for colour, (name, metrics) in zip(colours, numbers.items(), strict=True):
        points = [m for m in metrics if (m.split, m.name) == ("validation", curve.name)]
        figure.add_scatter(
            x=[m.epoch for m in points],
            y=[m.value for m in points],
            name=name,
            mode="lines+markers" if len(points) < 30 else "lines",
            line={"width": 2, "color": colour},
            marker={"size": 5},
            hovertemplate="epoch %{x}: %{y:.2f}<extra>" + name + "</extra>",
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 34, "b": 0},
        title={
            "text": f"{curve.title}, nats per image, validation images",
            "font": {"size": 14},
        },
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "x": 0},
        uirevision="keep",
    )
    figure.update_xaxes(title="epoch", title_standoff=6)
    return figure


def rate_distortion(points: Sequence[RatePoint]) -> go.Figure:
    """Each run where its last epoch left it; down and left is better, lines of equal ELBO."""
    figure = go.Figure()
    for colour, point in zip(class_colours(len(points)), points, strict=True):
        elbo = -(point.rate + point.distortion)
        figure.add_scatter(
            x=[point.rate],
            y=[point.distortion],
            name=point.name,
            mode="markers",
            marker={"size": 12, "color": colour},
            hovertemplate=(
                f"{point.setting}<br>rate %{{x:.2f}}, distortion %{{y:.2f}}, ELBO {elbo:.2f}"
                f"<extra>{point.name}</extra>"
            ),
        )
    if points:
        best = min(point.rate + point.distortion for point in points)
        span = max(point.rate for point in points) * 1.08 + 1e-9
        figure.add_scatter(
            x=[0.0, span],
            y=[best, best - span],
            name=f"ELBO {-best:.2f}, the best",
            mode="lines",
            line={"dash": "dot", "width": 1, "color": "rgba(128,128,128,0.8)"},
            hoverinfo="skip",
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 34, "b": 0},
        title={"text": "Rate and distortion after the last epoch", "font": {"size": 14}},
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "x": 0},
    )
    figure.update_xaxes(title="rate, nats per image", rangemode="tozero", title_standoff=6)
    low = min((point.distortion for point in points), default=0.0)
    high = max((point.distortion for point in points), default=1.0)
    margin = 0.1 * (high - low) or 1.0
    figure.update_yaxes(title="distortion, nats per image", range=[low - margin, high + margin])
    return figure


def rate_points(numbers: Sequence[tuple[Run, Sequence[Metric]]]) -> list[RatePoint]:
    """One point a run that has a rate; autoencoders have none."""
    found = []
    for run, metrics in numbers:
        last = {(m.split, m.name): m.value for m in metrics}  # by epoch: the last one stays
        rate, distortion = last.get(("validation", "rate")), last.get(("validation", "distortion"))
        if rate is not None and distortion is not None:
            found.append(RatePoint(run.name, rate, distortion, setting(run)))
    return found


def setting(run: Run) -> str:
    """What sweeps vary: `beta 4, 16 dimensions, learning rate 0.003`."""
    train, model = run.config["train"], run.config["model"]
    return (
        f"beta {train['beta']:g}, {model['latent_dim']} dimensions, "
        f"learning rate {train['learning_rate']:g}"
    )
