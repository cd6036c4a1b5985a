"""Chapter: the reparameterisation, and what it does to the noise of a gradient."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.models import VAE, DiagonalGaussian
from vaelab.web import show, words
from vaelab.web.decoding import decode
from vaelab.web.learn import given, planes
from vaelab.web.learn.ellipses import ellipse
from vaelab.web.learn.estimate_figures import Settling, settling_figure
from vaelab.web.learn.gradient_estimators import GradientSamples, gradient_samples, running_mean
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.model_for import A_PRIOR, model_for
from vaelab.web.learn.subject import Subject, choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

LESSON = Lesson(
    key="reparameterisation",
    short="Reparameterisation",
    title="Noise moved out of the way of the gradient",
    words=r"""
Training raises an average over $z \sim q(z|x)$, and $q$ itself is being trained. How does one
follow the slope of an average whose very samples depend on what is changed?

The **score function** estimator leaves the samples alone and weighs each by
$\nabla \log q$. It needs only the value of $\log p(x|z)$, never its slope, and pays with noise: a
hundred nats multiply a random direction, and what is left is a small difference of large numbers.

The **reparameterisation** draws the noise first, $\varepsilon \sim \mathcal{N}(0, I)$, and
computes $z$ from it. Then $z$ is a smooth function of $\mu_q$ and $\nu_q$, and the slope goes
through the decoder and on into the encoder like through any other layer. One sample an image is
enough to train with.
""",
    equation=r"""
\begin{gathered}
z = \mu_q(x) + \sqrt{\nu_q(x)} \odot \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, I) \\
\nabla_{\!\mu_q} \mathbb{E}_q[\log p(x|z)]
= \underbrace{\mathbb{E}_\varepsilon\big[\nabla_{\!z} \log p(x|z)\big]}_{\text{reparameterised}} \\
= \underbrace{\mathbb{E}_q\big[\log p(x|z)\, \nabla_{\!\mu_q}\! \log q(z|x)\big]}_{
\text{score function}}
\end{gathered}
""",
    says="The same gradient as two expectations: equal means, very unequal variances.",
    task="Move the sliders: the noise stays standard, the ellipse decides how far it carries. Then "
    "compare the three bands below; each is an estimate of one and the same number.",
    code=(
        ("vaelab/models/gaussian.py", "rsample"),
        ("vaelab/web/learn/gradient_estimators.py", "gradient_samples"),
    ),
    sources="Kingma & Welling 2014, section 2.4; Rezende et al. 2014; Williams 1992 for the score "
    "function; Doersch 2016, figure 4.",
)

SAMPLES = {"mlp": 4096, "conv": 384}
SIDE = 128


def draw() -> None:
    """The live part."""
    opened = model_for(A_PRIOR)
    if opened is None:
        return
    subject = choose_subject(opened)
    _noise(opened, subject)
    st.subheader("Three estimates of one slope", anchor=False)
    _gradient(opened, subject)


@st.fragment
def _noise(opened: Opened, subject: Subject) -> None:
    """Sliders of eps, the place they lead to, and what it decodes to."""
    posterior, dims = _posterior(opened, subject)
    mean, std = posterior.mean[0].numpy(), posterior.std[0].numpy()
    noise = np.zeros(len(mean), np.float32)
    halves = st.grid(2, min_column_width=320, gap="medium")
    with halves.cell():
        for d in dict.fromkeys(dims):
            noise[d] = st.slider(
                rf"$\varepsilon_{{{d + 1}}}$",
                -3.0,
                3.0,
                0.0,
                0.1,
                key=f"learn-eps-{opened.key}-{d}",
            )
        z = (mean + std * noise).astype(np.float32)
        decoded = decode(opened.model, z[None], opened.condition(subject.label)).mean[0]
        show.picture(decoded, alt="what the decoder makes of z", side=SIDE)
        st.caption("The mean of $p(x|z)$ at this $z$.")
    with halves.cell():
        if len(mean) > 1:
            _show_plane(posterior, z, dims)
    d = dims[0]
    rest = " Other dimensions: $\\varepsilon = 0$." if len(mean) > 2 else ""
    st.markdown(
        rf"$z_{{{d + 1}}} = {mean[d]:.2f} + {std[d]:.3f} \cdot ({noise[d]:.1f}) = {z[d]:.2f}$."
        + rest
    )


def _show_plane(posterior: DiagonalGaussian, z: np.ndarray, dims: tuple[int, int]) -> None:
    pair = list(dims)
    centre = posterior.mean[0].numpy()[pair]
    variance = posterior.log_var[0].exp().numpy()[pair]
    blue, orange = class_colours(2)
    far = ellipse(centre, variance, 3.6)
    figure = planes.plane_figure(
        (dimension_name(dims[0]), dimension_name(dims[1])), planes.window_around(far, 0.02), 340
    )
    for n_std in (1, 2, 3):
        planes.add_line(
            figure,
            ellipse(centre, variance, n_std),
            f"{n_std} std of q(z|x)",
            blue,
            dash={1: "solid", 2: "dash", 3: "dot"}[n_std],
        )
    planes.add_place(figure, z[pair], "z", orange)
    st.plotly_chart(
        figure,
        key="learn-noise",
        alt="The posterior as ellipses of one, two and three standard deviations, and z in it",
        config=planes.PLAIN,
    )


def _gradient(opened: Opened, subject: Subject) -> None:
    samples = _samples(opened.key, subject.key, subject.label, opened, subject)
    _, dims = _posterior(opened, subject)
    d = dims[0]
    blue, orange, red = class_colours(3)
    kinds = (
        ("score function", samples.score[:, d], red),
        ("score function with a baseline", samples.score_with_baseline[:, d], orange),
        ("reparameterised", samples.reparameterised[:, d], blue),
    )
    lines = [Settling(name, *running_mean(values), colour) for name, values, colour in kinds]
    n = len(samples.score)
    unit = f"slope along the mean of {dimension_name(d)}, nats a unit"
    st.plotly_chart(
        settling_figure([("", lines)], unit),
        key="learn-gradient",
        alt="Three estimates of the same gradient over the number of samples, with bands of two "
        "standard errors: the reparameterised one is by far the narrowest",
        config={"displayModeBar": False},
    )
    smallest = samples.reparameterised[:, d].var(ddof=1)
    with st.grid("auto", min_column_width=200):
        for name, values, _ in kinds:
            error = float(values.std(ddof=1) / np.sqrt(n))
            ratio = float(values.var(ddof=1) / smallest)
            st.metric(
                f"{name[0].upper()}{name[1:]}",
                given.plus_minus(float(values.mean()), error),
                f"{words.number(round(ratio))} times the variance" if ratio > 1.5 else None,
                delta_color="inverse",
                delta_arrow="off",
                border=True,
            )
    st.caption(
        f"Mean ± standard error of {n:,} samples of each kind for this image, along the dimension "
        "of its highest rate, nats a unit of the mean. The variance of one sample says how many "
        "times as many samples an estimator needs for the same error. The baseline is the mean of "
        "log p(x|z) over the other samples, which changes the noise and not the mean."
    )


def _posterior(opened: Opened, subject: Subject) -> tuple[DiagonalGaussian, tuple[int, int]]:
    """q(z|x,c), and the two dimensions with the highest rate for this image."""
    assert isinstance(opened.model, VAE)
    with torch.no_grad():
        x, y = subject.x, subject.y(opened)
        posterior = opened.model.encode(x, y)
        rates = posterior.kl(opened.model.prior(y, 1))[0].numpy()
    order = np.argsort(-rates)
    return posterior, (int(order[0]), int(order[min(1, len(order) - 1)]))


@st.cache_data(max_entries=32, show_spinner=False)
def _samples(
    key: str, image: bytes, label: int | None, _opened: Opened, _subject: Subject
) -> GradientSamples:
    model = _opened.model
    assert isinstance(model, VAE)
    x, y = _subject.x, _subject.y(_opened)
    with torch.no_grad():
        posterior = model.encode(x, y)
    n = SAMPLES[model.config.network]
    return gradient_samples(model, x, y, posterior, n, torch.Generator().manual_seed(0))
