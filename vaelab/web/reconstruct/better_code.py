"""Reconstruct's view that searches for a better code than the encoder's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.evaluation.codes import encode
from vaelab.evaluation.refined import RefinedPosterior, RefineSettings, refine_posteriors
from vaelab.evaluation.refined_code import RefinedCode, refine_codes
from vaelab.latent.names import dimension_name
from vaelab.latent.steps import Steps
from vaelab.models import VAE
from vaelab.web.decoding import decode
from vaelab.web.image_figures import posterior_strip
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.better_words import caveats, moved, nats, what_it_means
from vaelab.web.reconstruct.search_figures import PLAIN, before_and_after, search_curve
from vaelab.web.reconstruct.searching import fingerprint, one_image, pixels_scored, searched
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.reconstruct.take_code import FoundCode, offer_code

STEPS = (50, 100, 200, 500, 1_000)
FRESH = {"mlp": 1_000, "conv": 400}  # samples that the result is measured with, by network
MOST_DIMENSIONS = 48


def draw(opened: Opened, subject: Subject, label: int | None) -> None:
    """The search's controls; once it has run, what it found."""
    is_vae = isinstance(opened.model, VAE)
    st.subheader("A better code for this one picture", anchor=False)
    st.markdown(_about_vae() if is_vae else _about_autoencoder())
    key = f"{opened.key}:better"
    n_steps = st.segmented_control(
        "Gradient steps",
        STEPS,
        default=200,
        required=True,
        key=f"{key}-steps",
        format_func=lambda n: f"{n:,}",
        persist_state="session",
    )
    image = pixels_scored(opened, subject.image)
    identity = (fingerprint(image), label, n_steps)
    message = f"{n_steps:,} steps of Adam …"
    if is_vae:
        posterior = searched(
            key, identity, "Search", message, lambda: _posteriors(opened, image, label, n_steps)
        )
        if posterior is not None:
            _show_posterior(opened, subject, label, posterior)
        return
    code = searched(
        f"{key}-point", identity, "Search", message, lambda: _codes(opened, image, label, n_steps)
    )
    if code is not None:
        _show_code(opened, subject, label, code)


def _about_vae() -> str:
    return (
        "The encoder answers any picture in one pass: an *amortised* posterior q(z | x). The "
        "search starts from its mean and variance and moves both by gradient until the ELBO of "
        "**this** picture rises no more. What it gains is the **amortisation gap** (Cremer, Li "
        "and Duvenaud 2018): what the encoder’s shortcut costs."
    )


def _about_autoencoder() -> str:
    return (
        "An autoencoder’s code is a point without a prior, so there is no ELBO to raise: the "
        "search lowers the distortion −log p(x | h) alone. Nothing keeps it near the codes of the "
        "data."
    )


def _posteriors(
    opened: Opened, image: npt.NDArray[np.uint8], label: int | None, n_steps: int
) -> Steps[RefinedPosterior]:
    settings = RefineSettings(n_steps=n_steps, n_fresh=FRESH[opened.model.config.network])
    return refine_posteriors(encode(opened.model, one_image(opened, image, label)), settings)


def _codes(
    opened: Opened, image: npt.NDArray[np.uint8], label: int | None, n_steps: int
) -> Steps[RefinedCode]:
    encoded = encode(opened.model, one_image(opened, image, label))
    return refine_codes(encoded, _spread(opened), n_steps=n_steps)


def _spread(opened: Opened) -> npt.NDArray[np.float64]:
    """Standard deviation of the stored codes (K,); 1 in a dimension where all are equal."""
    std = opened.latents.mean.astype(np.float64).std(axis=0)
    return np.where(std > 0, std, 1.0)


def _show_posterior(
    opened: Opened, subject: Subject, label: int | None, found: RefinedPosterior
) -> None:
    gaps, px = found.gaps, "p(x | c)" if opened.n_classes else "p(x)"
    st.markdown(what_it_means(gaps, px))
    shown = {
        "ELBO, encoder’s": nats(gaps.elbo_before[0]),
        "ELBO, better": nats(gaps.elbo_after[0]),
        "Amortisation gap": nats(gaps.amortisation[0], gaps.amortisation_error[0]),
        "Approximation gap": nats(gaps.approximation[0]),
        f"log {px}": nats(gaps.log_px[0], gaps.log_px_error[0]),
    }
    with st.grid("auto", min_column_width=180):
        for title, value in shown.items():
            st.metric(f"{title}, nats", value, border=True)
    st.caption(caveats(gaps, px))
    _pictures(opened, subject, label, found.start_mean[0], found.mean[0])
    st.plotly_chart(
        search_curve(found.steps, found.curve[:, 0], "ELBO, nats"),
        key="better-curve",
        alt=f"ELBO over the steps, from {found.curve[0, 0]:.1f} to {found.curve[-1, 0]:.1f} nats",
        config=PLAIN,
    )
    st.caption(
        "Taken with noise that is the same at each point, so that the steps can be compared."
    )
    _moved(opened, label, found)
    offer_code(opened, _taken(subject, label, found.mean[0]), "better")


def _moved(opened: Opened, label: int | None, found: RefinedPosterior) -> None:
    shift = found.mean[0] - found.start_mean[0]
    model = opened.model
    assert isinstance(model, VAE)
    with torch.inference_mode():
        prior = model.prior(None if label is None else torch.tensor([label]))
        prior_std = prior.std[0].double().numpy()
    width = float(np.exp(np.log(found.std[0] / found.start_std[0]).mean()))
    unit = "standard deviations of the encoder’s posterior"
    st.markdown(
        f"The mean moved by {moved(shift / found.start_std[0], unit)}. "
        f"In the prior’s standard deviations: {np.sqrt(np.mean((shift / prior_std) ** 2)):.3f}. "
        f"Its standard deviations are {width:.2f} times the encoder’s (geometric mean)."
    )
    dims = [axis.dim for axis in opened.axes if not axis.unused][:MOST_DIMENSIONS] or [0]
    low = (found.start_mean - found.start_std)[0, dims]
    high = (found.start_mean + found.start_std)[0, dims]
    st.plotly_chart(
        posterior_strip(
            [dimension_name(d) for d in dims],
            found.mean[0, dims],
            found.std[0, dims],
            (low, high),
            band_name="the encoder’s, mean ± std",
            name="the better posterior",
        ),
        key="better-posterior",
        alt=f"The better posterior over the encoder’s in {len(dims)} dimensions",
        config=PLAIN,
    )


def _show_code(opened: Opened, subject: Subject, label: int | None, found: RefinedCode) -> None:
    gained = float(found.before[0] - found.after[0])
    st.markdown(
        f"**The distortion fell by {nats(gained)} nats.** So much of this "
        "picture’s error is the encoder’s; the rest no code that was met can take away. That is no "
        "gap of an ELBO: without a prior nothing is paid for an improbable code."
    )
    with st.grid("auto", min_column_width=200):
        st.metric("Distortion, encoder’s, nats", nats(found.before[0]), border=True)
        st.metric("Distortion, better, nats", nats(found.after[0]), border=True)
    _pictures(opened, subject, label, found.start[0], found.code[0])
    st.plotly_chart(
        search_curve(np.arange(len(found.curve)), found.curve[:, 0], "distortion, nats"),
        key="better-curve",
        alt=f"Distortion over the steps, from {found.before[0]:.1f} to {found.after[0]:.1f} nats",
        config=PLAIN,
    )
    shift = (found.code[0] - found.start[0]) / _spread(opened)
    st.markdown(f"The code moved by {moved(shift, 'standard deviations of the data’s codes')}.")
    offer_code(opened, _taken(subject, label, found.code[0]), "better")


def _pictures(
    opened: Opened,
    subject: Subject,
    label: int | None,
    start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
) -> None:
    decoded = decode(opened.model, np.stack([start, end]), opened.condition(label, 2)).mean
    image = np.asarray(pixels_scored(opened, subject.image) / 255, np.float32)
    before_and_after(image, decoded[0], decoded[1])


def _taken(subject: Subject, label: int | None, z: npt.NDArray[np.float64]) -> FoundCode:
    return FoundCode(z, label, f"better code of {subject.name}", subject.image)
