"""Pictures from one image's posterior, and how much they leave open at each pixel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.evaluation.posterior_predictive import (
    PosteriorPredictive,
    posterior_codes,
    posterior_predictive,
)
from vaelab.models import VAE
from vaelab.web import show
from vaelab.web.decoding import decode, pixels
from vaelab.web.image_figures import pixel_map
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.meanings import heading

SAMPLES = 8
CODES = 256  # that the standard deviations are taken over
SIDE, MAP_SIDE = 64, 168

# What varies within a code, by likelihood.
NOISE = {
    "bernoulli": "√(p (1 − p)) of a pixel that is black or white, more than a grey one varies",
    "continuous_bernoulli": "the spread of the continuous Bernoulli density",
    "gaussian": "the standard deviation that the decoder gives each pixel",
    "gaussian_shared": "the one learned standard deviation of all pixels",
}


def show_samples(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """Eight codes of the posterior, decoded; nothing for an autoencoder, whose code is a point."""
    model = opened.model
    if not isinstance(model, VAE):
        return
    heading("What its posterior allows", "samples", conditional=bool(opened.n_classes))
    key = f"{opened.key}:posterior-seed"
    seed = int(st.session_state.setdefault(key, 0))
    x, y = pixels(image[None]), None if label is None else torch.tensor([label])
    codes = posterior_codes(model, x, y, n_samples=SAMPLES, seed=seed).numpy()
    with torch.inference_mode():
        mean = model.encode(x, y).mean.numpy()
    decoded = decode(model, np.concatenate([mean, codes]), opened.condition(label, 1 + SAMPLES))
    names = ["mean", *(f"sample {n}" for n in range(1, SAMPLES + 1))]
    show.pictures(
        decoded.mean,
        alts=[f"posterior {name}, decoded" for name in names],
        captions=names,
        side=SIDE,
        gap="xsmall",  # the nine fit in one row
    )
    st.button(
        "Another eight",
        icon=":material/shuffle:",
        key="posterior-again",
        on_click=lambda: st.session_state.update({key: seed + 1}),
        help="Eight other codes of the same posterior.",
    )
    _spread(opened, _predictive(opened.key, image.tobytes(), label, opened, image))


def _spread(opened: Opened, found: PosteriorPredictive) -> None:
    """Standard deviations of each pixel: between codes, within a code, both."""
    maps = {
        "Between codes": (np.sqrt(found.between), "How much the mean pictures differ."),
        "Within a code": (np.sqrt(found.within), "The likelihood’s own noise."),
        "Both": (found.std, "The root of the sum of their squares."),
    }
    st.markdown("**Standard deviation of each pixel**")
    with st.grid("auto", min_column_width=MAP_SIDE + 12, gap="medium"):
        for number, (name, (values, about)) in enumerate(maps.items()):
            with st.container():
                st.markdown(name)
                st.plotly_chart(
                    pixel_map(values, side=MAP_SIDE),
                    width=MAP_SIDE,
                    key=f"predictive-{number}",
                    alt=f"Standard deviation of each pixel: {name.lower()}",
                    config={"displayModeBar": False},
                )
                st.caption(f"{about} Mean {values.mean():.3f}; pixels are 0 to 1.")
    share = found.between.sum() / max(float((found.between + found.within).sum()), 1e-12)
    noise = NOISE[opened.checkpoint.model_config.likelihood]
    st.caption(
        f"Over {found.n_samples} codes of the posterior, each scale its own. Within a code: "
        f"{noise}. Of the variance of all pixels {share:.1%} is between codes."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _predictive(
    key: str, image: bytes, label: int | None, _opened: Opened, _image: npt.NDArray[np.uint8]
) -> PosteriorPredictive:
    y = None if label is None else torch.tensor([label])
    return posterior_predictive(_opened.model, pixels(_image[None]), y, n_samples=CODES)
