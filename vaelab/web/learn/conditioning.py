"""Chapter: conditioning on a class, the learned prior, and style transfer by whitening."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.latent.principal_axes import principal_plane
from vaelab.models import VAE
from vaelab.web import words
from vaelab.web.decoding import decode
from vaelab.web.learn import planes
from vaelab.web.learn.class_priors import ClassPriors, RateOfPriors, class_priors, rate_of_priors
from vaelab.web.learn.ellipses import ellipse
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.marginal_estimate import Numbers
from vaelab.web.learn.model_for import CLASSES, model_for
from vaelab.web.learn.picture_rows import enlarged, picture_row
from vaelab.web.learn.subject import choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

LESSON = Lesson(
    key="conditioning",
    short="Conditioning",
    title="Saying which: classes and the learned prior",
    words=r"""
A **conditional** VAE is told the class $c$: the encoder, the decoder and the prior all see it. What
the label says the code need not repeat, so $z$ is left with the rest: slant, weight, style. Keep
$z$ and change $c$, and the same hand writes another digit.

The prior may be $\mathcal{N}(0, I)$ for every class, or **learned**: a Gaussian of its own for
each, trained with the rest to lie where the codes of its class are. The rate falls, since codes
are where they are expected, and samples of a class come from where its codes lie.

With learned priors the same $z$ means different things in two classes. What carries over is the
place *within* the prior: $\varepsilon = (z - m_c) / s_c$. Whiten with one class, colour with
another, and style is transferred.
""",
    equation=r"""
\begin{aligned}
\log p(x|c) &\geq \mathbb{E}_{q}[\log p(x|z,c)] \\
&\quad\; - \mathrm{KL}[q(z|x,c)\,\|\,p(z|c)] \\
p(z|c) &= \mathcal{N}(z;\, m_c,\, \mathrm{diag}\, v_c), \quad s_c = \sqrt{v_c} \\
z' &= m_{c'} + s_{c'} \odot (z - m_c) / s_c
\end{aligned}
""",
    says="The ELBO given c, the learned prior, and the transfer of a code from class c to c′.",
    task="Take another image and compare the last two rows: moved by whitening, and left where it "
    "is. Where the priors lie apart, only the first keeps to codes that the decoder knows.",
    code=(
        ("vaelab/models/priors.py", "ClassGaussian"),
        ("vaelab/models/classes.py", "class_weights"),
        ("vaelab/web/learn/class_priors.py", "whiten"),
    ),
    sources="Sohn et al. 2015, section 4.1; Kingma et al. 2014 for styles held fixed; Doersch "
    "2016, section 3.",
)

MOST_CLASSES = 12  # drawn; more would not be told apart
SIDE = 52
DRAWS = 3
SEED = 2


def draw() -> None:
    """The live part."""
    opened = model_for(CLASSES)
    if opened is None:
        return
    assert isinstance(opened.model, VAE)
    priors = class_priors(opened.model)
    n = min(opened.n_classes, MOST_CLASSES)
    learned = opened.checkpoint.model_config.prior == "class_gaussian"
    st.subheader("The prior of each class among the codes", anchor=False)
    _plane(opened, priors, n, learned)
    _rates(opened, learned)
    st.subheader("The same noise in every class", anchor=False)
    _samples(opened, priors, n, learned)
    st.subheader("The style of one image in every class", anchor=False)
    subject = choose_subject(opened)
    with torch.no_grad():
        posterior = opened.model.encode(subject.x, subject.y(opened))
    _styles(opened, priors, posterior.mean[0].double().numpy(), subject.label or 0, n)


def _plane(opened: Opened, priors: ClassPriors, n: int, learned: bool) -> None:
    """Ellipses of the priors over the codes; on the plane of PCA where K > 2."""
    points, axes, origin, labels = _projected(opened)
    colours = class_colours(opened.n_classes)
    lines = {
        c: ellipse((priors.mean[c] - origin) @ axes.T, axes * np.square(priors.std[c]) @ axes.T)
        for c in range(n)
    }
    unit = ellipse(-origin @ axes.T, axes @ axes.T)
    reach = np.concatenate([*lines.values(), unit, np.quantile(points, [0.005, 0.995], axis=0)])
    figure = planes.plane_figure(labels, planes.window_around(reach, 0.02), 440)
    planes.add_points(
        figure,
        points,
        "codes",
        colours=planes.class_colours_of(opened.latents, colours),
        opacity=0.25,
        size=3.5,
    )
    figure.data[0].showlegend = False
    planes.add_line(figure, unit, "N(0, I)", planes.GREY, dash="dash")
    for c, line in lines.items():
        planes.add_line(figure, line, opened.class_names[c], colours[c], width=3)
    st.plotly_chart(
        figure,
        key="learn-priors",
        alt=f"One standard deviation of the priors of {n} classes as ellipses over the codes",
        config=planes.PLAIN,
    )
    if not learned:
        st.caption("This model’s prior is N(0, I) for every class: all ellipses are one circle.")


def _rates(opened: Opened, learned: bool) -> None:
    found = _rate_of_priors(opened.key, opened)
    if found is None or not learned:
        return
    learned_rate, standard_rate = round(found.learned, 2), round(found.standard, 2)
    with st.grid("auto", min_column_width=200):
        for name, value in (
            ("Rate under p(z|c), nats", learned_rate),
            ("Rate under N(0, I), nats", standard_rate),
            ("Saved, nats", standard_rate - learned_rate),
        ):
            st.metric(name, f"{value:.2f}".replace("-", words.MINUS), border=True)
    st.caption(
        f"Ellipses are one standard deviation of p(z|c). Rates are means over {found.n_images:,} "
        "stored codes of this model; the second is what its codes would cost under N(0, I), for "
        "which they were not trained: a model trained with it would place them differently."
    )


def _samples(opened: Opened, priors: ClassPriors, n: int, learned: bool) -> None:
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, opened.latents.latent_dim))
    labels = np.arange(n)
    _class_row(opened, n)
    for i, eps in enumerate(noise, start=1):
        z = np.stack([priors.colour(eps, int(c)) for c in labels])
        picture_row(
            rf"$m_c + s_c\,\varepsilon_{{{i}}}$" if learned else rf"$z = \varepsilon_{{{i}}}$",
            enlarged(decode(opened.model, z, labels).mean, SIDE),
            alt=f"one draw of noise decoded in each class, number {i}",
        )
    if learned:
        z = np.repeat(noise[:1], n, axis=0)
        picture_row(
            r"$z = \varepsilon_1$",
            enlarged(decode(opened.model, z, labels).mean, SIDE),
            alt="the first draw taken as a code from N(0, I), decoded in each class",
        )
        st.caption(
            "The last row asks N(0, I) for the code instead of p(z|c): the decoder meets codes of "
            "a class where it has seen none."
        )


def _styles(opened: Opened, priors: ClassPriors, z: Numbers, label: int, n: int) -> None:
    labels = np.arange(n)
    noise = priors.whiten(z, label)
    moved = np.stack([priors.colour(noise, int(c)) for c in labels])
    _class_row(opened, n)
    picture_row(
        "whitened, then coloured",
        enlarged(decode(opened.model, moved, labels).mean, SIDE),
        alt="the style of the image in every class, moved by whitening",
    )
    picture_row(
        "$z$ left as it is",
        enlarged(decode(opened.model, np.repeat(z[None], n, axis=0), labels).mean, SIDE),
        alt="the code of the image decoded in every class as it is",
    )
    st.caption(
        f"The code is the posterior’s mean, {np.linalg.norm(noise):.1f} standard deviations from "
        "the middle of its class’s prior; a draw from that prior lies about √K = "
        f"{np.sqrt(len(z)):.1f} away."
    )


def _class_row(opened: Opened, n: int) -> None:
    names = ", ".join(opened.class_names[c] for c in range(n))
    more = f" (the first {n} of {opened.n_classes})" if n < opened.n_classes else ""
    st.caption(f"Columns: {names}{more}.")


def _projected(opened: Opened) -> tuple[Numbers, Numbers, Numbers, tuple[str, str]]:
    """Codes on a plane (N, 2), its axes (2, K), its origin (K,), and what the axes are called."""
    k = opened.latents.latent_dim
    codes = opened.latents.mean.astype(np.float64)
    if k <= 2:
        axes = np.eye(2, k)
        return codes @ axes.T, axes, np.zeros(k), (dimension_name(0), dimension_name(1))
    plane = principal_plane(codes)
    names = ("first component", "second component")
    return plane.coordinates(codes), plane.axes, plane.origin, names


@st.cache_data(max_entries=32, show_spinner=False)
def _rate_of_priors(key: str, _opened: Opened) -> RateOfPriors | None:
    if _opened.latents.labels is None or not isinstance(_opened.model, VAE):
        return None
    return rate_of_priors(_opened.model, _opened.latents)
