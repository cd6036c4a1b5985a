"""Chapter: the posterior as an ellipse to scale, and the true posterior that it stands for."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.models import VAE, DiagonalGaussian
from vaelab.web.learn import planes
from vaelab.web.learn.ellipses import ellipse
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.model_for import A_PRIOR, model_for
from vaelab.web.learn.plane_integral import PlaneIntegral, plane_integral
from vaelab.web.learn.posterior_grid import PosteriorGrid, posterior_grid
from vaelab.web.learn.subject import Subject, choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours, is_dark

LESSON = Lesson(
    key="posterior",
    short="Posterior",
    title="One image, a region of codes",
    words=r"""
For an image $x$ Bayes’ rule says which codes may have made it: the **true posterior** $p(z|x)$. The
encoder does not compute it. One network guesses, for all images at once, a Gaussian
$q(z|x)$ without tilt: *amortised* inference, of a *mean field* form.

The ellipse is that Gaussian, drawn to scale. It is small beside the prior’s circle because an
image says a lot about its code: the logarithm of how much smaller is, roughly, the rate. All
ellipses together should fill the circle: then a code drawn from the prior lies where the decoder
has been trained.

Where the true posterior is bent, tilted or in several pieces, no such ellipse fits, and the
difference is the gap between the ELBO and $\log p(x)$.
""",
    equation=r"""
\begin{aligned}
p(z|x) &= \frac{p(x|z)\,p(z)}{p(x)} \\
q(z|x) &= \mathcal{N}\big(z;\, \mu_q(x),\, \mathrm{diag}\,\nu_q(x)\big) \;\approx\; p(z|x)
\end{aligned}
""",
    says="The true posterior by Bayes’ rule, and the Gaussian that the encoder puts in its place.",
    task="Look for an image at the border of two classes: its posterior is often stretched or bent "
    "towards both, and the ellipse can only cover one side.",
    code=(
        ("vaelab/models/vae.py", "encode"),
        ("vaelab/web/learn/posterior_grid.py", "posterior_grid"),
        ("vaelab/web/learn/plane_integral.py", "plane_integral"),
    ),
    sources="Kingma & Welling 2014, sections 2.2 and 3; Hoffman & Johnson 2016 for all ellipses "
    "together.",
)

CELLS = {"mlp": 96, "conv": 28}  # along a side of the close view
WHOLE = {"mlp": 112, "conv": 40}  # along a side of the plane, where K = 2
REACH = 6.0  # standard deviations that the close view holds


def draw() -> None:
    """The live part."""
    opened = model_for(A_PRIOR)
    if opened is None:
        return
    if opened.latents.latent_dim < 2:
        st.info("This model has one latent dimension: the ellipse is an interval, not drawn.")
        return
    _show(opened, choose_subject(opened))


def _show(opened: Opened, subject: Subject) -> None:
    posterior, prior, dims = _gaussians(opened, subject)
    grid = _grid(opened.key, subject.key, subject.label, dims, opened, subject)
    whole = None
    if opened.latents.latent_dim == 2:
        whole = _whole(opened.key, subject.key, subject.label, opened, subject)
    views = st.grid(2, min_column_width=340)
    with views.cell():
        st.markdown("**Among all codes**")
        _far(opened, posterior, prior, dims, None if whole is None else whole.grid)
    with views.cell():
        st.markdown("**Close up**")
        _near(posterior, dims, grid, "p(z|x)" if whole is not None else "p(z|x), a slice")
    _numbers(opened, grid, whole, dims)


def _far(
    opened: Opened,
    posterior: DiagonalGaussian,
    prior: DiagonalGaussian,
    dims: tuple[int, int],
    grid: PosteriorGrid | None,
) -> None:
    pair = list(dims)
    blue, orange = class_colours(2)
    centre, variance = _pair(prior, pair)
    codes = opened.latents.mean[:, pair]
    reach = np.concatenate([ellipse(centre, variance, 3), np.quantile(codes, [0.005, 0.995], 0)])
    figure = planes.plane_figure(_axis_labels(dims), planes.window_around(reach, 0.0), 380)
    many = class_colours(max(1, len(opened.class_names)))
    planes.add_points(
        figure,
        codes,
        "codes by class",
        colours=planes.class_colours_of(opened.latents, many),
        opacity=0.35,
    )
    if grid is not None:
        planes.add_density(figure, grid, _ink(), "p(z|x)")
    for n_std in (1, 2):
        planes.add_line(
            figure,
            ellipse(centre, variance, n_std),
            "prior, 1 and 2 std",
            planes.GREY,
            dash="solid" if n_std == 1 else "dash",
            width=2,
            in_legend=n_std == 1,
        )
    mean, spread = _pair(posterior, pair)
    planes.add_line(figure, ellipse(mean, spread, 2), "q(z|x), 2 std", blue)
    planes.add_place(figure, mean, "its mean", orange)
    st.plotly_chart(
        figure,
        key="learn-posterior-far",
        alt="The posterior of the image as an ellipse to scale among all codes, with the prior’s "
        "circle",
        config=planes.PLAIN,
    )


def _near(
    posterior: DiagonalGaussian, dims: tuple[int, int], grid: PosteriorGrid, name: str
) -> None:
    blue, orange = class_colours(2)
    mean, variance = _pair(posterior, list(dims))
    window = (
        (float(grid.across[0]), float(grid.across[-1])),
        (float(grid.up[0]), float(grid.up[-1])),
    )
    figure = planes.plane_figure(_axis_labels(dims), window, 380)
    planes.add_density(figure, grid, _ink(), name)
    for n_std in (1, 2):
        planes.add_line(
            figure,
            ellipse(mean, variance, n_std),
            "q(z|x), 1 and 2 std",
            blue,
            dash="solid" if n_std == 1 else "dash",
            in_legend=n_std == 1,
        )
    planes.add_place(figure, mean, "its mean", orange)
    st.plotly_chart(
        figure,
        key="learn-posterior-near",
        alt="The posterior’s ellipse over the density of the true posterior",
        config=planes.PLAIN,
    )


def _ink() -> str:
    """A colour that no class has, for a density over coloured codes."""
    return "#ffffff" if is_dark() else "#1d2133"


def _numbers(
    opened: Opened, grid: PosteriorGrid, whole: PlaneIntegral | None, dims: tuple[int, int]
) -> None:
    if whole is None:
        first, second = _axis_labels(dims)
        st.caption(
            f"{first} and {second} have the highest rates for this image. The density is a slice: "
            f"p(x|z) p(z) over {first} and {second} at {grid.density.size:,} places, the other "
            f"{opened.latents.latent_dim - 2} dimensions held at the posterior’s mean, scaled to "
            "integrate to 1. A slice can be narrower than the ellipse, which is q’s marginal."
        )
        return
    elbo, log_px = round(grid.elbo, 2), round(whole.log_evidence, 2)
    given_c = "|c" if opened.n_classes else ""
    with st.grid("auto", min_column_width=150):
        for name, value in (
            ("ELBO, nats", elbo),
            ("KL[q ‖ p(z|x)], nats", log_px - elbo),
            (f"log p(x{given_c}), nats", log_px),
        ):
            st.metric(name, f"{value:,.2f}".replace("-", "−"), border=True)
        st.metric("p(z|x) in 2 std of q", f"{whole.held:.0%}", border=True)
    st.caption(
        "With two dimensions the integrals can be done, cell by cell: the ELBO over the close view "
        "and p(x) over the whole plane, on a grid that is finer where the density is. Their "
        "difference is the KL. If q were right, 86% of the true posterior would lie within two of "
        "its standard deviations."
    )


def _axis_labels(dims: tuple[int, int]) -> tuple[str, str]:
    return dimension_name(dims[0]), dimension_name(dims[1])


def _pair(gaussian: DiagonalGaussian, pair: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance, (2,) each, along two dimensions."""
    mean, log_var = gaussian.mean[0].numpy(), gaussian.log_var[0].numpy()
    return mean[pair].astype(np.float64), np.exp(log_var[pair].astype(np.float64))


@torch.no_grad()
def _gaussians(
    opened: Opened, subject: Subject
) -> tuple[DiagonalGaussian, DiagonalGaussian, tuple[int, int]]:
    """q(z|x,c), p(z|c), and the two dimensions to draw."""
    assert isinstance(opened.model, VAE)
    x, y = subject.x, subject.y(opened)
    posterior, prior = opened.model.encode(x, y), opened.model.prior(y, 1)
    if opened.latents.latent_dim == 2:
        return posterior, prior, (0, 1)
    order = np.argsort(-posterior.kl(prior)[0].numpy())
    return posterior, prior, (int(order[0]), int(order[1]))


@st.cache_data(max_entries=64, show_spinner=False)
def _grid(
    key: str,
    image: bytes,
    label: int | None,
    dims: tuple[int, int],
    _opened: Opened,
    _subject: Subject,
) -> PosteriorGrid:
    """The true posterior around q(z|x,c)."""
    model = _opened.model
    assert isinstance(model, VAE)
    x, y = _subject.x, _subject.y(_opened)
    posterior, _, _ = _gaussians(_opened, _subject)
    window = planes.window_around(ellipse(*_pair(posterior, list(dims)), REACH), 0.0)
    return posterior_grid(model, x, y, dims, window, CELLS[model.config.network])


@st.cache_data(max_entries=64, show_spinner=False)
def _whole(
    key: str, image: bytes, label: int | None, _opened: Opened, _subject: Subject
) -> PlaneIntegral:
    """p(x|c) over a plane that holds four standard deviations of the prior, and q(z|x,c)."""
    model = _opened.model
    assert isinstance(model, VAE)
    posterior, prior, dims = _gaussians(_opened, _subject)
    held = np.concatenate(
        [
            ellipse(*_pair(prior, list(dims)), 4.0),
            ellipse(*_pair(posterior, list(dims)), 4.0),
        ]
    )
    window = planes.window_around(held, 0.0)
    cells = WHOLE[model.config.network]
    return plane_integral(model, _subject.x, _subject.y(_opened), window, cells)
