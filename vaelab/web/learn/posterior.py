"""Chapter: the posterior as an ellipse to scale, and the true posterior that it stands for."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.models import VAE, DiagonalGaussian
from vaelab.web.learn import planes
from vaelab.web.learn.elbo_parts import elbo_parts
from vaelab.web.learn.ellipses import ellipse
from vaelab.web.learn.lesson import Lesson
from vaelab.web.learn.model_for import A_PRIOR, model_for
from vaelab.web.learn.posterior_grid import PosteriorGrid, Window, posterior_grid
from vaelab.web.learn.subject import Subject, choose_subject
from vaelab.web.opened import Opened
from vaelab.web.state import class_colours

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
        ("vaelab/web/learn/ellipses.py", "ellipse"),
    ),
    sources="Kingma & Welling 2014, sections 2.2 and 3; Hoffman & Johnson 2016 for all ellipses "
    "together.",
)

CELLS = {"mlp": 96, "conv": 28}  # along a side of the grid
COARSE = {"mlp": 64, "conv": 0}  # for finding where the true posterior lies
REACH = 4.5  # standard deviations that the close view holds


def draw() -> None:
    """The live part."""
    opened = model_for(A_PRIOR)
    if opened is None:
        return
    left, right = st.columns([1, 3], gap="medium")
    with left:
        subject = choose_subject(opened)
    with right:
        if opened.latents.latent_dim < 2:
            st.info("This model has one latent dimension: the ellipse is an interval, not drawn.")
            return
        _show(opened, subject)


def _show(opened: Opened, subject: Subject) -> None:
    posterior, prior, dims = _gaussians(opened, subject)
    exact = opened.latents.latent_dim == 2
    grid = _grid(opened.key, subject.key, subject.label, dims, opened, subject)
    far, near = st.columns(2, gap="small")
    with far:
        st.markdown("**Among all codes**")
        _far(opened, posterior, prior, dims, grid if exact else None)
    with near:
        st.markdown("**Close up**")
        _near(posterior, dims, grid, "p(z|x)" if exact else "p(z|x), a slice")
    _numbers(opened, subject, grid, dims)


def _far(
    opened: Opened,
    posterior: DiagonalGaussian,
    prior: DiagonalGaussian,
    dims: tuple[int, int],
    grid: PosteriorGrid | None,
) -> None:
    pair = list(dims)
    blue, orange, red = class_colours(3)
    centre, variance = _pair(prior, pair)
    codes = opened.latents.mean[:, pair]
    reach = np.concatenate([ellipse(centre, variance, 3), np.quantile(codes, [0.005, 0.995], 0)])
    figure = planes.plane_figure(_axis_labels(dims), planes.window_around(reach, 0.0), 380)
    many = class_colours(max(1, len(opened.class_names)))
    planes.add_points(
        figure, codes, "codes", colours=planes.class_colours_of(opened.latents, many), opacity=0.35
    )
    if grid is not None:
        planes.add_density(figure, grid, red, "p(z|x)")
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
    blue, orange, red = class_colours(3)
    mean, variance = _pair(posterior, list(dims))
    window = (
        (float(grid.across[0]), float(grid.across[-1])),
        (float(grid.up[0]), float(grid.up[-1])),
    )
    figure = planes.plane_figure(_axis_labels(dims), window, 380)
    planes.add_density(figure, grid, red, name)
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


def _numbers(opened: Opened, subject: Subject, grid: PosteriorGrid, dims: tuple[int, int]) -> None:
    cells = grid.density.size
    if opened.latents.latent_dim > 2:
        first, second = _axis_labels(dims)
        st.caption(
            f"{first} and {second} have the highest rates for this image. The density is a slice: "
            f"p(x|z) p(z) over {first} and {second} at {cells:,} places, the other "
            f"{opened.latents.latent_dim - 2} dimensions held at the posterior’s mean, scaled to "
            "integrate to 1. A slice can be narrower than the ellipse, which is q’s marginal."
        )
        return
    bound = _elbo(opened.key, subject.key, subject.label, opened, subject)
    with st.grid("auto", min_column_width=150):
        for name, value in (
            ("ELBO", bound),
            ("KL[q ‖ p(z|x)] on the grid", grid.kl),
            ("log p(x) on the grid", grid.log_evidence),
        ):
            st.metric(f"{name}, nats", f"{value:,.2f}".replace("-", "−"), border=True)
    difference = grid.log_evidence - bound - grid.kl
    st.caption(
        f"With two dimensions the integral can be done: p(x|z) p(z) at {cells:,} places of the "
        f"close view, which holds {grid.covered:.1%} of q. ELBO + KL = "
        f"{bound + grid.kl:,.2f} nats".replace("-", "−")
        + f", {abs(difference):.2f} from the integral: what grid and samples leave open. Densities "
        "are on the scale of the plane, the dots are codes of other images."
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
    """The true posterior in a window that holds it and q(z|x,c)."""
    model = _opened.model
    assert isinstance(model, VAE)
    x, y = _subject.x, _subject.y(_opened)
    posterior, prior, _ = _gaussians(_opened, _subject)
    network = model.config.network
    window = _around(posterior, dims)
    if COARSE[network] and model.config.latent_dim == 2:
        everywhere = planes.window_around(ellipse(*_pair(prior, list(dims)), 3.5), 0.0)
        coarse = posterior_grid(model, x, y, dims, everywhere, COARSE[network])
        window = _holding(window, coarse)
    return posterior_grid(model, x, y, dims, window, CELLS[network])


def _around(posterior: DiagonalGaussian, dims: tuple[int, int]) -> Window:
    return planes.window_around(ellipse(*_pair(posterior, list(dims)), REACH), 0.0)


def _holding(window: Window, coarse: PosteriorGrid) -> Window:
    """The window, stretched to hold every cell that has a thousandth of the highest density."""
    up, across = np.nonzero(coarse.density > 1e-3 * coarse.density.max())
    cell_x, cell_y = coarse.across[1] - coarse.across[0], coarse.up[1] - coarse.up[0]
    (left, right), (bottom, top) = window
    x, y = coarse.across[across], coarse.up[up]
    corners = [
        (min(left, x.min() - cell_x), min(bottom, y.min() - cell_y)),
        (max(right, x.max() + cell_x), max(top, y.max() + cell_y)),
    ]
    return planes.window_around(corners, 0.0)


@st.cache_data(max_entries=64, show_spinner=False)
def _elbo(key: str, image: bytes, label: int | None, _opened: Opened, _subject: Subject) -> float:
    assert isinstance(_opened.model, VAE)
    return elbo_parts(_opened.model, _subject.x, _subject.y(_opened)).elbo
