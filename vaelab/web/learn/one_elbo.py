"""Chapter: the ELBO of one image, as distortion and rate, and its gap to log p(x)."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.models import VAE
from vaelab.web import show, words
from vaelab.web.decoding import decode
from vaelab.web.figures import layout
from vaelab.web.learn import given
from vaelab.web.learn.elbo_parts import ElboParts, elbo_parts
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.model_for import A_PRIOR, model_for
from vaelab.web.learn.subject import SIDE, Subject, choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

LESSON = Lesson(
    key="elbo",
    short="ELBO",
    title="What it costs to explain one image",
    words=r"""
The integral $p(x)$ is out of reach in training, but a lower bound of its logarithm is not: the
**evidence lower bound**. Read it as the cost of telling somebody $x$ in two messages.

First the code. Somebody who expects $p(z)$ and hears of $q(z|x)$ learns
$\mathrm{KL}[q(z|x)\,\|\,p(z)]$ nats: the **rate**. For two Gaussians it is known in closed form,
one term for each latent dimension; a dimension with no rate is not in use.

Then what the code left open: $-\log p(x|z)$ on average, the **distortion**. A blurred
reconstruction costs more here.

What the bound misses is known too. It is the divergence of the encoder's guess $q(z|x)$ from the
true posterior $p(z|x)$, and never negative: that is why it is a bound.
""",
    equation=r"""
\begin{aligned}
\log p(x) = \;&-\underbrace{\mathbb{E}_q[-\log p(x|z)]}_{\text{distortion}}
- \underbrace{\mathrm{KL}[q(z|x)\,\|\,p(z)]}_{\text{rate}} \\
&+ \underbrace{\mathrm{KL}[q(z|x)\,\|\,p(z|x)]}_{\text{gap}\;\geq\;0}
\end{aligned}
""",
    says="The first line is the ELBO. With classes, read every term given c.",
    task="Go through a few images. A tidy one is cheap in both parts; a strange one has a high "
    "distortion, and often a wide gap too, where the encoder guesses badly.",
    code=(
        ("vaelab/objectives.py", "elbo_terms"),
        ("vaelab/models/gaussian.py", "kl"),
        ("vaelab/web/learn/elbo_parts.py", "elbo_parts"),
    ),
    sources="Kingma & Welling 2014, equations 1 to 3 and 10; Doersch 2016, equation 5.",
)

MOST_BARS = 64
ROUNDED = 2  # digits in sums that must add up for the reader


def draw() -> None:
    """The live part."""
    opened = model_for(A_PRIOR)
    if opened is None:
        return
    subject = choose_subject(opened, lambda chosen: _reconstruction(opened, chosen))
    parts = _parts(opened.key, subject.key, subject.label, opened, subject)
    _sums(opened, parts)
    st.plotly_chart(
        cost_figure(parts, given.log_px(opened.checkpoint.model_config), class_colours(4)),
        key="learn-cost",
        alt=f"From 0: distortion {parts.distortion:.1f}, then rate {parts.rate:.1f}, less the "
        f"gap {parts.gap:.1f}, leaves {-parts.log_px:.1f} nats",
        config={"displayModeBar": False},
    )
    st.subheader("The rate, dimension by dimension", anchor=False)
    st.plotly_chart(
        rate_figure(parts, class_colours(2)[1]),
        key="learn-rates",
        alt=f"KL of each of {len(parts.rates)} latent dimensions for this image",
        config={"displayModeBar": False},
    )
    _about(opened, parts)


def _reconstruction(opened: Opened, subject: Subject) -> None:
    model = opened.model
    with torch.no_grad():
        mean = model.encode(subject.x, subject.y(opened)).mean.numpy()
    decoded = decode(model, mean, opened.condition(subject.label)).mean[0]
    show.picture(decoded, alt="its reconstruction from the posterior’s mean", side=SIDE)


def _sums(opened: Opened, parts: ElboParts) -> None:
    """The identities with numbers under their names; each right side is the left side's sum."""
    distortion, rate, gap = _rounded(parts)
    given_c = "|c" if opened.n_classes else ""
    with st.grid(2, min_column_width=260):
        st.latex(
            rf"\underbrace{{{_tex(distortion)}}}_{{\text{{distortion}}}} + "
            rf"\underbrace{{{_tex(rate)}}}_{{\text{{rate}}}} = "
            rf"\underbrace{{{_tex(distortion + rate)}}}_{{-\text{{ELBO}}}}"
        )
        st.latex(
            rf"\underbrace{{{_tex(-distortion - rate)}}}_{{\text{{ELBO}}}} + "
            rf"\underbrace{{{_tex(gap)}}}_{{\text{{gap}}}} = "
            rf"\underbrace{{{_tex(-distortion - rate + gap)}}}_{{\log p(x{given_c})}}"
        )


def _rounded(parts: ElboParts) -> tuple[float, float, float]:
    """Distortion, rate and gap as shown; what is shown as their sums is summed from these."""
    return (
        round(parts.distortion, ROUNDED),
        round(parts.rate, ROUNDED),
        round(parts.gap, ROUNDED),
    )


def _tex(value: float) -> str:
    return f"{value:,.{ROUNDED}f}".replace(",", "{,}")


def cost_figure(parts: ElboParts, log_px: str, colours: list[str]) -> go.Figure:
    """A waterfall: distortion, plus rate, is -ELBO; less the gap, is -log p(x)."""
    names = ["distortion", "+ rate", "= −ELBO", "− gap", f"= −{log_px}"]
    distortion, rate, gap = _rounded(parts)
    cost = distortion + rate
    starts = [0.0, distortion, 0.0, cost, 0.0]
    ends = [distortion, cost, cost, cost - gap, cost - gap]
    shown = [distortion, rate, cost, gap, cost - gap]
    shades = [colours[0], colours[1], colours[3], colours[2], colours[3]]
    figure = go.Figure(
        go.Bar(
            y=names,
            x=[end - start for start, end in zip(starts, ends, strict=True)],
            base=starts,
            orientation="h",
            marker={"color": shades},
            text=[f"{value:,.{ROUNDED}f}".replace("-", words.MINUS) for value in shown],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text} nats<extra></extra>",
            showlegend=False,
        )
    )
    figure.update_layout(**layout(250, bargap=0.3))
    reach = [*starts, *ends]
    room = 0.14 * (max(reach) - min(reach))
    figure.update_xaxes(
        title="nats", range=[min(reach) - (room if min(reach) < 0 else 0), max(reach) + room]
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def rate_figure(parts: ElboParts, colour: str) -> go.Figure:
    """KL of each dimension, the highest first."""
    order = np.argsort(-parts.rates)[:MOST_BARS]
    figure = go.Figure(
        go.Bar(
            x=[dimension_name(int(d)) for d in order],
            y=parts.rates[order],
            marker={"color": colour},
            width=0.7 if len(order) > 4 else 0.25,
            text=[f"{value:.2f}" for value in parts.rates[order]] if len(order) <= 24 else None,
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertemplate="%{x}: %{y:.3f} nats<extra></extra>",
        )
    )
    figure.update_layout(**layout(240))
    figure.update_layout(margin={"t": 24})
    figure.update_xaxes(type="category", showgrid=False, title="latent dimension")
    figure.update_yaxes(title="nats", nticks=5, rangemode="tozero")
    return figure


def _about(opened: Opened, parts: ElboParts) -> None:
    config = opened.checkpoint.model_config
    k = len(parts.rates)
    bars = f"The {MOST_BARS} highest of {k}; all" if k > MOST_BARS else "The bars"
    few = " so few that the gap may be wider still" if parts.effective < 10 else ""
    st.caption(
        f"{bars} add up to the rate. Standard errors: distortion ± {parts.distortion_error:.2g}, "
        f"{given.log_px(config)} ± {parts.log_px_error:.2g} nats. The distortion is a mean over "
        f"{parts.n_samples:,} posterior samples; {given.log_px(config)} is importance-sampled from "
        f"those and as many from the prior, lest a region be missed ({parts.effective:,.1f} "
        f"effective samples{',' if few else ''}{few}). {given.of_likelihood(config)}"
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _parts(
    key: str, image: bytes, label: int | None, _opened: Opened, _subject: Subject
) -> ElboParts:
    assert isinstance(_opened.model, VAE)
    return elbo_parts(_opened.model, _subject.x, _subject.y(_opened))
