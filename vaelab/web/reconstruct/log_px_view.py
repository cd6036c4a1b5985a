"""log p(x) of one image, and where it stands among the test images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.evaluation import FULL
from vaelab.evaluation.sections.likelihood import BELIEVABLE_SAMPLES
from vaelab.evaluation.standing import Reference, reference_of
from vaelab.models import VAE
from vaelab.web import words
from vaelab.web.navigation import link_to
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.meanings import heading
from vaelab.web.reconstruct.measure import SEED, ImageLogPx, log_px_of_image, scored

MOST_SAMPLES = {"mlp": 5_000, "conv": 1_000}  # a second or two of decoding, by network
NORMAL_95 = 1.96  # standard errors to either side
HIGH = 97.5  # percentile from which more is no praise


def show_log_px(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """log p(x), its standard error and effective samples; nothing for an autoencoder."""
    if not isinstance(opened.model, VAE):
        return
    px = "p(x | c)" if opened.n_classes else "p(x)"
    title = f"How strange it is to the model: log {px}"
    heading(title, "log_px", conditional=bool(opened.n_classes))
    reference = reference_of(opened.checkpoint.report)
    _measured(opened, image, label, reference, px)
    if reference is None:
        _say_how_to_measure(opened)


def samples_of(opened: Opened, reference: Reference | None) -> int:
    """Importance samples: as many as the report's, up to what takes seconds."""
    wanted = FULL.n_importance_samples if reference is None else reference.n_samples
    return min(wanted, MOST_SAMPLES[opened.model.config.network])


def log_px_of(
    opened: Opened,
    image: npt.NDArray[np.uint8],
    label: int | None,
    reference: Reference | None,
) -> ImageLogPx:
    """log p(x) of one image as the report's images were measured; kept."""
    n = samples_of(opened, reference)
    seed = SEED if reference is None else reference.seed
    seen = image if reference is None else scored(image, reference.binarisation, seed)
    return _log_px(opened.key, seen.tobytes(), label, n, seed, opened, seen)


@st.fragment(parallel=True)
def _measured(
    opened: Opened,
    image: npt.NDArray[np.uint8],
    label: int | None,
    reference: Reference | None,
    px: str,
) -> None:
    """In parallel: a thousand decodings of a large network take seconds."""
    place = st.empty()
    place.caption(f"Decoding {samples_of(opened, reference):,} samples of its posterior …")
    found = log_px_of(opened, image, label, reference)
    with place.container():
        _figures(found, reference, px)
        if reference is not None:
            st.markdown(f"**{reference.sentence(found.log_px)}**")
        st.caption(" ".join(_caveats(found, reference, px)))


def _figures(found: ImageLogPx, reference: Reference | None, px: str) -> None:
    with st.grid("auto", min_column_width=140):
        st.metric(f"log {px}, nats", words.number(found.log_px), border=True)
        st.metric("Standard error, nats", words.number(found.standard_error), border=True)
        effective = f"{found.effective_samples:.1f}"
        st.metric("Effective samples", effective, border=True)
        if reference is not None:
            place = reference.percentile(found.log_px)
            st.metric("Percentile", f"{place:.1f}", border=True)


def _caveats(found: ImageLogPx, reference: Reference | None, px: str) -> list[str]:
    """What a reader of the numbers must know."""
    half = NORMAL_95 * found.standard_error
    low, high = words.number(found.log_px - half), words.number(found.log_px + half)
    said = [f"By {found.n_samples:,} importance samples; 95% interval {low} to {high} nats."]
    if found.effective_samples < BELIEVABLE_SAMPLES:
        said.append(
            f"Fewer than {BELIEVABLE_SAMPLES} of them count in effect: read it as a lower bound, "
            "and its error as too small."
        )
    if reference is None:
        return said
    n = len(reference.values)
    said.append(
        f"The percentile is the share of {n:,} {reference.split} images with a lower log {px}."
    )
    if reference.n_samples != found.n_samples:
        said.append(f"Theirs were estimated with {reference.n_samples:,}, hence a little higher.")
    if reference.binarisation != "none":
        said.append(
            f"Pixels are black and white as in the report: {reference.binarisation} binarisation."
        )
    if reference.percentile(found.log_px) >= HIGH:
        said.append(
            "So high is no proof that it is one of the data’s: simple images often are (Nalisnick "
            "et al. 2019)."
        )
    return said


def _say_how_to_measure(opened: Opened) -> None:
    name = opened.checkpoint.id
    needed = (
        "To say how strange that is, the test images’ own values are needed, and the report of "
        "this checkpoint does not keep them."
    )
    command = f"`python -m vaelab evaluate {name} --save`"
    if opened.checkpoint.bundled:
        st.caption(f"{needed} {command} measures them.")
        return
    st.caption(f"{needed} Measure it again on the Evaluate page, or by {command}.")
    link_to("evaluate", "Evaluate", ":material/analytics:", opened.checkpoint)


@st.cache_data(max_entries=128, show_spinner=False)
def _log_px(
    key: str,
    image: bytes,
    label: int | None,
    n_samples: int,
    seed: int,
    _opened: Opened,
    _image: npt.NDArray[np.uint8],
) -> ImageLogPx:
    return log_px_of_image(_opened.model, _image, label, n_samples=n_samples, seed=seed)
