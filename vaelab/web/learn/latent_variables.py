"""Chapter: the latent variable model, drawing from it, and its marginal as an integral."""

from __future__ import annotations

import secrets

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.models import VAE
from vaelab.web import words
from vaelab.web.class_picker import pick_class
from vaelab.web.learn import given
from vaelab.web.learn.code_picture import code_picture
from vaelab.web.learn.estimate_figures import Settling, settling_figure
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.marginal_estimate import Numbers, RunningEstimate, running_estimate, weigh
from vaelab.web.learn.model_for import A_PRIOR, model_for
from vaelab.web.learn.picture_rows import enlarged, picture_row
from vaelab.web.learn.subject import Subject, choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

LESSON = Lesson(
    key="latent-variables",
    short="Latent variables",
    title="A model of images with something unseen",
    words=r"""
A latent variable model tells how an image comes about. First a code $z$ is drawn from the
**prior** $p(z)$, nothing but noise. Then the decoder turns it into a **likelihood** $p(x|z)$, a
distribution over images, and $x$ is drawn from that. Going through both steps is *ancestral
sampling*; what is usually shown as a sample is the mean of the second step.

How probable is a given image $x$? Any code might have made it, so its probability is the average
of $p(x|z)$ over all codes: an integral over $K$ dimensions without a closed form. *Simple Monte
Carlo* draws codes from the prior and averages. It is right in the end, but of a thousand codes
hardly one explains this very image, and the average waits for it.

*Importance sampling* draws the codes where they matter, from the posterior $q(z|x)$ that the
encoder proposes, and divides by how often it proposes them.
""",
    equation=r"""
\begin{aligned}
p(x) &= \int p(x|z)\,p(z)\,dz \\
&\approx \frac{1}{S}\sum_{s=1}^{S} p(x|z_s), && z_s \sim p(z) \\
&\approx \frac{1}{S}\sum_{s=1}^{S} \frac{p(x|z_s)\,p(z_s)}{q(z_s|x)}, && z_s \sim q(z|x)
\end{aligned}
""",
    says="The marginal likelihood, and two estimates of it that agree when S is large enough.",
    task="Keep drawing and watch the two lines meet. With two latent dimensions they do within "
    "seconds; with sixteen, simple Monte Carlo would need more samples than there is time for.",
    code=(
        ("vaelab/models/vae.py", "sample_latents"),
        ("vaelab/objectives.py", "importance_weighted_bound"),
        ("vaelab/web/learn/marginal_estimate.py", "weigh"),
    ),
    sources="Kingma & Welling 2014, section 2.1; Doersch 2016, section 1; Burda et al. 2016.",
)

DRAWN = 6
PIPE = "\\|"  # inside a table of Markdown
Pixels = npt.NDArray[np.float32]
NAMES = ("simple Monte Carlo, from the prior", "importance sampling, from the posterior")
CHUNK = {"mlp": 1024, "conv": 256}  # samples a tick, by network: a fraction of a second
MOST_CHUNKS = 32
SETTLED = 3.0  # effective samples below which an error is not worth giving
TICK_SECONDS = 0.4


def draw() -> None:
    """The live part."""
    opened = model_for(A_PRIOR)
    if opened is None:
        return
    st.subheader("Ancestral sampling, step by step", anchor=False)
    _ancestral(opened)
    st.subheader("The probability of one image, as samples are added", anchor=False)
    _marginal(opened)


@st.fragment
def _ancestral(opened: Opened) -> None:
    key = f"learn-ancestral-{opened.key}"
    label = None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if opened.n_classes:
            label = pick_class("Class c", opened.class_names, f"{key}-class")
        if st.button("Draw again", icon=":material/casino:", key=f"{key}-again"):
            st.session_state[key] = secrets.randbits(31)
    z, mean, std, x = _draws(opened, label, int(st.session_state.get(key, 0)))
    c = ", c" if opened.n_classes else ""
    prior = "p(z|c)" if opened.n_classes else "p(z)"
    picture_row(rf"**1** $\;z \sim {prior}$", [code_picture(code) for code in z], alt="codes drawn")
    picture_row(
        rf"**2** $\;\mathbb{{E}}[x|z{c}]$",
        enlarged(mean),
        alt="means of the likelihood of each code",
    )
    if std is not None:
        picture_row(
            rf"$\sqrt{{\mathrm{{Var}}[x|z{c}]}}$",
            enlarged(std / max(float(std.max()), 1e-6)),
            alt="standard deviations of the likelihood, bright where it is unsure",
        )
    picture_row(rf"**3** $\;x \sim p(x|z{c})$", enlarged(x), alt="images drawn")
    st.caption(
        f"Each column is one draw of {DRAWN}. A code is shown as bars, one a dimension, from −3 to "
        f"3. {_about_pixels(opened)}"
    )


def _about_pixels(opened: Opened) -> str:
    """What the last step adds, which depends on the likelihood."""
    if opened.checkpoint.model_config.likelihood == "bernoulli":
        return "Under a Bernoulli likelihood each pixel of a sample is black or white, on its own."
    return (
        "The last step adds noise to each pixel on its own, which no image has: it is why samples "
        "are usually shown without it."
    )


@torch.inference_mode()
def _draws(
    opened: Opened, label: int | None, seed: int
) -> tuple[Numbers, Pixels, Pixels | None, Pixels]:
    """Codes (N, K), and mean, standard deviation and sample of the likelihood (N, C, H, W)."""
    assert isinstance(opened.model, VAE)
    generator = torch.Generator().manual_seed(seed)
    classes = opened.condition(label, DRAWN)
    y = None if classes is None else torch.from_numpy(classes)
    z = opened.model.sample_latents(DRAWN, y, generator)
    likelihood = opened.model.decode(z, y)
    std = None if likelihood.std is None else likelihood.std.numpy()
    sample = likelihood.sample(generator).clamp(0, 1).numpy()
    return z.double().numpy(), likelihood.mean.numpy(), std, sample


def _marginal(opened: Opened) -> None:
    """The image, the switch, and the figure, which runs by itself while the switch is on."""
    subject = choose_subject(opened)
    key = f"learn-chunks-{opened.key}-{hash(subject.key)}"
    done = int(st.session_state.get(key, 1)) >= MOST_CHUNKS
    going = st.toggle("Keep drawing", key="learn-keep-drawing", disabled=done) and not done
    st.fragment(_settling, run_every=TICK_SECONDS if going else None)(opened, subject, key, going)


def _settling(opened: Opened, subject: Subject, key: str, going: bool) -> None:
    chunks = int(st.session_state.get(key, 1))
    if going and chunks < MOST_CHUNKS:
        chunks += 1
        st.session_state[key] = chunks
    pictures = (subject, subject.shuffled())
    found = [
        [_estimate(opened, picture, proposal, chunks) for proposal in ("prior", "posterior")]
        for picture in pictures
    ]
    blue, orange = class_colours(2)
    panels = [
        (
            title,
            [
                Settling(name, e.n.astype(np.float64), e.log_mean, e.error, colour)
                for name, e, colour in zip(NAMES, estimates, (orange, blue), strict=True)
            ],
        )
        for title, estimates in zip(("This image", "Its pixels, shuffled"), found, strict=True)
    ]
    name = given.log_px(opened.checkpoint.model_config)
    st.plotly_chart(
        settling_figure(panels, f"{name}, nats"),
        key="learn-marginal",
        alt=f"Two estimates of {name} over the number of samples, for the image and for its pixels "
        "in random order",
        config={"displayModeBar": False},
    )
    _table(opened, found, int(found[0][0].n[-1]))
    if going and chunks >= MOST_CHUNKS:
        st.rerun()


def _table(opened: Opened, found: list[list[RunningEstimate]], n: int) -> None:
    config = opened.checkpoint.model_config
    rows = [
        f"| {given.log_px(config).replace('|', PIPE)}, nats | {NAMES[0]} | {NAMES[1]} |",
        "|---|---|---|",
    ]
    for title, estimates in zip(("this image", "pixels shuffled"), found, strict=True):
        cells = [_cell(estimate) for estimate in estimates]
        rows.append(f"| {title} | {cells[0]} | {cells[1]} |")
    st.markdown("\n".join(rows))
    st.caption(
        f"After {n:,} samples each. Bands reach two standard errors, which believe only what has "
        "been seen: with about one effective sample a band is too narrow. On average both lines "
        "are too low and rise towards the truth, so the higher one is nearer. For pixels in random "
        "order the encoder proposes badly: it has seen nothing like them. "
        + given.of_likelihood(config)
    )


def _cell(estimate: RunningEstimate) -> str:
    """The estimate with its error, which means nothing while one sample carries it."""
    value, effective = estimate.log_mean[-1], estimate.effective[-1]
    if effective < SETTLED:
        return f"{value:,.0f}, not settled ({effective:,.1f} effective)".replace("-", words.MINUS)
    return f"{given.plus_minus(value, estimate.error[-1])} ({effective:,.1f} effective)"


def _estimate(opened: Opened, subject: Subject, proposal: str, chunks: int) -> RunningEstimate:
    parts = [
        _chunk(opened.key, subject.key, subject.label, proposal, number, opened, subject)
        for number in range(chunks)
    ]
    return running_estimate(np.concatenate(parts))


@st.cache_data(max_entries=1024, show_spinner=False)
@torch.no_grad()
def _chunk(
    key: str,
    image: bytes,
    label: int | None,
    proposal: str,
    number: int,
    _opened: Opened,
    _subject: Subject,
) -> Numbers:
    """log weights of one chunk, (CHUNK,), the same ones whenever it is asked for."""
    model = _opened.model
    assert isinstance(model, VAE)
    x, y = _subject.x, _subject.y(_opened)
    drawn_from = model.prior(y, 1) if proposal == "prior" else model.encode(x, y)
    n = CHUNK[model.config.network]
    generator = torch.Generator().manual_seed(number)
    return weigh(model, x, y, drawn_from, n, generator).log_weight
