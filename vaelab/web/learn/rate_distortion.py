"""Chapter: beta, and the curve of what a code costs against what it saves."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st
import torch
from PIL import Image

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation.compare import RatePoint
from vaelab.web import state, words
from vaelab.web.decoding import pixels
from vaelab.web.learn import tiny_models
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.picture_rows import enlarged, picture_row
from vaelab.web.reports.report_figures import rate_distortion_figure

LESSON = Lesson(
    key="beta",
    short="β",
    title="How much may a code say? Rate against distortion",
    words=r"""
Weigh the rate by $\beta$ and training is a bargain between two goods. A **small** $\beta$ lets the
code say much: reconstructions are sharp, but the codes spread far outside the prior, and samples
from it look like nothing. A **large** $\beta$ makes every nat of code expensive: the codes settle
on the prior, and reconstructions turn into averages. In the extreme nothing is said at all
(*posterior collapse*): rate zero, one blurred picture for everything.

Every model is a point in the plane of rate and distortion. Along a falling line of slope $-1$ the
ELBO is the same; $\beta = 1$ seeks the lowest such line, and on average no model passes below that
of its data’s entropy. A report always gives the ELBO with $\beta = 1$, whatever a model was trained
with.
""",
    equation=r"""
\begin{gathered}
\mathcal{L}_\beta(x) = \underbrace{\mathbb{E}_q[-\log p(x|z)]}_{\text{distortion } D}
+ \beta\, \underbrace{\mathrm{KL}[q(z|x)\,\|\,p(z)]}_{\text{rate } R} \\
\mathrm{ELBO} = -(D + R)
\end{gathered}
""",
    says="What is minimised in training, and what is reported: β weighs the first alone.",
    task="Compare the rows of pictures from top to bottom: as β grows, samples begin to look "
    "like digits while reconstructions lose what made them this digit.",
    code=(
        ("vaelab/objectives.py", "training_loss"),
        ("vaelab/web/learn/tiny_models.py", "tiny_vae"),
        ("vaelab/web/reports/report_figures.py", "rate_distortion_figure"),
    ),
    sources="Higgins et al. 2017; Alemi et al. 2018 for the plane of rate and distortion.",
)

SHOWN = 6
SIDE = 44
TICK_SECONDS = 0.2


def draw() -> None:
    """The live part."""
    st.subheader("Five betas, trained while you read", anchor=False)
    waiting = len(_trained()) < len(tiny_models.BETAS)
    st.fragment(_sweep, run_every=TICK_SECONDS if waiting else None)(waiting)
    picked = state.current_choice().checkpoint
    if picked is not None:
        st.subheader(f"Your models of {picked.data_name}", anchor=False)
        _checkpoints(picked)


@st.cache_resource(show_spinner=False)
def _trained() -> set[float]:
    """The betas that this server has trained already."""
    return set()


def _sweep(waiting: bool) -> None:
    """Train the next beta if one is missing, and show those that are there."""
    missing = [beta for beta in tiny_models.BETAS if beta not in _trained()]
    if missing:
        tiny_models.tiny_vae(missing[0])
        _trained().add(missing[0])
    models = [tiny_models.tiny_vae(beta) for beta in tiny_models.BETAS if beta in _trained()]
    splits = tiny_models.digits()
    st.plotly_chart(
        curve_figure(models, state.class_colours(2)),
        key="learn-curve",
        alt="Distortion over rate for tiny VAEs of five betas, with lines of equal ELBO",
        config={"displayModeBar": False},
    )
    st.caption(
        f"Tiny VAEs of the 8x8 digits that come with the installation, "
        f"{tiny_models.SWEEP_DIMENSIONS} latent dimensions, {tiny_models.EPOCHS} epochs each, "
        f"trained by this server ({len(models)} of {len(tiny_models.BETAS)} ready). Means over "
        f"{models[0].n_images} test images, {tiny_models.SAMPLES} posterior samples each, Gaussian "
        "likelihood."
    )
    _pictures(models, splits.test.images[:: len(splits.test) // SHOWN][:SHOWN])
    if waiting and len(models) == len(tiny_models.BETAS):
        st.rerun()  # stops the clock


def _pictures(models: list[tiny_models.TinyVae], images: np.ndarray) -> None:
    """A row for each beta: reconstructions of the same images, then samples."""
    space = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    blank = [space] * (1 + SHOWN)  # so that all rows are as wide, and columns stand in line
    picture_row("images", [*enlarged(images, SIDE), *blank], alt=f"{SHOWN} test images")
    for tiny in models:
        with torch.inference_mode():
            rebuilt = tiny.model.decode(tiny.model.encode(pixels(images)).mean).mean.numpy()
            codes = tiny.model.sample_latents(SHOWN, None, torch.Generator().manual_seed(1))
            drawn = tiny.model.decode(codes).mean.numpy()
        picture_row(
            f"β = {tiny.beta:g}",
            [*enlarged(rebuilt, SIDE), space, *enlarged(drawn, SIDE)],
            alt=f"with beta {tiny.beta:g}: reconstructions on the left, samples on the right",
        )
    st.caption("Left: the images as reconstructed from their codes. Right: samples, z ~ N(0, I).")


def curve_figure(models: list[tiny_models.TinyVae], colours: list[str]) -> go.Figure:
    """Distortion over rate, one point a beta, on lines of equal ELBO."""
    ordered = sorted(models, key=lambda tiny: tiny.rate)
    figure = rate_distortion_figure(
        [RatePoint(f"β = {tiny.beta:g}", tiny.rate, tiny.distortion) for tiny in ordered]
    )
    for trace in figure.data:
        trace.update(
            mode="markers+text",
            text=[trace.name],
            textposition="top right",
            showlegend=False,
            cliponaxis=False,
        )
        trace.marker.update(color=colours[1], size=12)
    figure.add_scatter(
        x=[tiny.rate for tiny in ordered],
        y=[tiny.distortion for tiny in ordered],
        mode="lines",
        line={"color": colours[0], "width": 2},
        showlegend=False,
        hoverinfo="skip",
    )
    best = min(ordered, key=lambda tiny: tiny.rate + tiny.distortion)
    low, high = figure.layout.xaxis.range
    total = best.rate + best.distortion
    figure.add_scatter(
        x=[low, high],
        y=[total - low, total - high],
        mode="lines",
        name=f"ELBO = {words.number(round(-total, 1))}, the highest of these",
        line={"color": colours[0], "dash": "dash", "width": 1.5},
        hoverinfo="skip",
    )
    return figure


def _checkpoints(picked: Checkpoint) -> None:
    """Every checkpoint that can be compared with the one picked, as a point."""
    alike = [entry for entry in state.usable_checkpoints() if _comparable(entry, picked)]
    points = [
        RatePoint(entry.id, entry.report["rate"].value, entry.report["distortion"].value)
        for entry in alike
        if entry.report is not None and "rate" in entry.report
    ]
    if not points:
        st.caption(
            f"No VAE of {picked.data_name} with this likelihood has been measured yet: Evaluate "
            "does it, and an autoencoder has no rate to measure."
        )
        return
    figure = rate_distortion_figure(points)
    st.plotly_chart(
        figure,
        key="learn-checkpoints",
        alt=f"Distortion over rate of {len(points)} checkpoints, with lines of equal ELBO",
        config={"displayModeBar": False},
    )
    measured = next(entry.report for entry in alike if entry.report and "rate" in entry.report)
    st.caption(
        f"{len(points)} of your checkpoint{'s' * (len(points) > 1)} on the same images with the "
        f"same likelihood; means over {measured['rate'].n_images:,} {measured['rate'].split} "
        "images, as their reports give them. Other likelihoods count in other units and do not "
        "belong in one plane; a model with classes is spared what the class says. Train the same "
        "model with other values of β to draw your own curve."
    )


def _comparable(entry: Checkpoint, picked: Checkpoint) -> bool:
    return (
        entry.data_fingerprint == picked.data_fingerprint
        and not entry.model_config.is_autoencoder
        and (
            picked.model_config.is_autoencoder
            or entry.model_config.likelihood == picked.model_config.likelihood
        )
    )
