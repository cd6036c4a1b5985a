"""Figures of one image: its posterior, its error, its ELBO and probability of every class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vaelab.web.figures import LINE, layout
from vaelab.web.palette import class_colours

BAND = "rgba(128, 128, 128, 0.28)"
PIXEL_SCALE = "Viridis"  # Streamlit takes the #000004 of others for its own colours
SCALE_HEIGHT = 44


def posterior_strip(
    names: Sequence[str],
    mean: npt.ArrayLike,
    std: npt.ArrayLike | None,
    band: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    band_name: str,
    name: str = "this image",
    colour: str | None = None,
    height: int = 300,
) -> go.Figure:
    """Mean and standard deviation of a code in each dimension, over a band to compare with.

    Args:
        names: K names, in the order to draw.
        mean: (K,).
        std: (K,), drawn as plus and minus one standard deviation; None for a point code.
        band: low and high, each (K,), such as the prior's mean minus and plus its std.
        band_name: of the band, in the legend.
        name: of the code, in the legend.
    """
    centre = np.asarray(mean, np.float64)
    low, high = (np.asarray(edge, np.float64) for edge in band)
    colour = class_colours(1)[0] if colour is None else colour
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            x=list(names),
            y=high - low,
            base=low,
            width=0.9,
            name=band_name,
            marker={"color": BAND, "line": {"width": 0}},
            customdata=np.stack([low, high], axis=-1),
            hovertemplate="%{x}: %{customdata[0]:.2f} to %{customdata[1]:.2f}<extra>"
            + band_name
            + "</extra>",
        )
    )
    error = None if std is None else np.asarray(std, np.float64)
    figure.add_trace(
        go.Scatter(
            x=list(names),
            y=centre,
            mode="markers",
            name=name if error is None else f"{name}, mean ± std",
            marker={"color": colour, "size": 8},
            error_y=None if error is None else {"array": error, "color": colour, "thickness": 2},
            customdata=np.zeros(len(centre)) if error is None else error,
            hovertemplate="%{x}: %{y:.3f}"
            + ("" if error is None else " ± %{customdata:.3f}")
            + "<extra></extra>",
        )
    )
    figure.update_layout(**layout(height, legend=_legend_above(), bargap=0))
    figure.update_xaxes(type="category", showgrid=False)
    return figure


def pixel_map(values: npt.ArrayLike, *, side: int, largest: float | None = None) -> go.Figure:
    """A quantity of every pixel (H, W) as colours, with its scale from 0 below.

    Args:
        values: (H, W), or (C, H, W), whose channels are averaged.
        side: of the square that the pixels fill, from the figure's upper left corner, in pixels
            of the screen; the figure is as wide.
        largest: end of the scale; the largest value when None.
    """
    array = np.asarray(values, np.float32)
    if array.ndim == 3:
        array = array.mean(axis=0)
    if array.ndim != 2:
        raise ValueError(f"values must be of shape (H, W) or (C, H, W), got {array.shape}.")
    top = float(array.max()) if largest is None else largest
    figure = go.Figure(
        go.Heatmap(
            z=array,
            zmin=0,
            zmax=top if top > 0 else 1.0,
            colorscale=PIXEL_SCALE,
            colorbar={
                "orientation": "h",
                "thickness": 10,
                "len": 0.94,  # half of its first and last number stands beside it
                "y": -0.03,
                "yanchor": "top",
                "ypad": 4,
            },
            hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
        )
    )
    figure.update_layout(**layout(side + SCALE_HEIGHT, dragmode=False, width=side))
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": SCALE_HEIGHT, "autoexpand": False})
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    return figure


def class_elbo(
    elbo: npt.ArrayLike,
    class_names: Sequence[str],
    *,
    chosen: int | None = None,
    colours: Sequence[str] | None = None,
) -> go.Figure:
    """ELBO of one image under every class, nats: dots, since such bars would not start at 0.

    Args:
        elbo: (n_classes,).
        chosen: class that the page shows; ringed.
    """
    values = np.asarray(elbo, np.float64)
    colours = class_colours(len(class_names)) if colours is None else colours
    figure = go.Figure(
        go.Scatter(
            x=values,
            y=list(class_names),
            mode="markers",
            marker={
                "color": list(colours),
                "size": 11,
                "line": {
                    "color": "rgba(128, 128, 128, 1)",
                    "width": [3 if c == chosen else 0 for c in range(len(values))],
                },
            },
            hovertemplate="%{y}: %{x:.1f} nats<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_vline(x=float(values.max()), line={"color": LINE, "width": 2, "dash": "dot"})
    figure.update_layout(**layout(70 + 24 * len(values)))
    figure.update_xaxes(title={"text": "ELBO, nats (further right is better)"}, zeroline=False)
    figure.update_yaxes(type="category", autorange="reversed")
    return figure


def class_probabilities(
    probability: npt.ArrayLike,
    error: npt.ArrayLike,
    class_names: Sequence[str],
    *,
    log_px: npt.ArrayLike,
    effective_samples: npt.ArrayLike,
    colours: Sequence[str],
) -> go.Figure:
    """p(c|x) of one image as bars with their standard errors; the rest is in the hover card.

    Args:
        probability: (n,), of the classes named.
        error: (n,), standard errors.
        class_names: n.
        log_px: (n,), log p(x|c), nats.
        effective_samples: (n,), of the estimates.
        colours: n.
    """
    p = np.asarray(probability, np.float64)
    figure = go.Figure(
        go.Bar(
            x=p,
            y=list(class_names),
            orientation="h",
            marker={"color": list(colours)},
            error_x={"array": np.asarray(error, np.float64), "color": "rgba(128, 128, 128, 1)"},
            customdata=np.stack([error, log_px, effective_samples], axis=-1),
            hovertemplate="%{y}: %{x:.4f} ± %{customdata[0]:.4f}<br>log p(x | c) "
            "%{customdata[1]:.1f} nats, %{customdata[2]:.1f} effective samples<extra></extra>",
            showlegend=False,
        )
    )
    figure.update_layout(**layout(70 + 24 * len(p), bargap=0.25))
    figure.update_xaxes(title={"text": "p(c | x)"}, range=[0, 1.02], zeroline=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def _legend_above() -> dict[str, object]:
    return {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "title": {"text": ""}}
