"""The ELBO of one image and its two terms, beside the test set's means."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.web import words
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.meanings import heading
from vaelab.web.reconstruct.measure import (
    SEED,
    ImageTerms,
    elbo_of_classes,
    measure_image,
    scored,
)


def best_class(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> int:
    """The image's own class, or the one under which its ELBO is highest."""
    if label is not None:
        return label
    return int(elbos(opened, image).argmax())


def elbos(opened: Opened, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """ELBO of the image under every class of a conditional model: (n_classes,), nats."""
    seen = as_scored(opened, image)
    return _elbos(opened.key, seen.tobytes(), opened, seen)


def terms(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> ImageTerms:
    """Distortion and rate of the image, with pixels as in training."""
    seen = as_scored(opened, image)
    return _terms(opened.key, seen.tobytes(), label, opened, seen)


def as_scored(opened: Opened, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """With black and white pixels where the model was trained on such."""
    return scored(image, _binarisation(opened), SEED)


def _binarisation(opened: Opened) -> str:
    return str(opened.checkpoint.train_config.get("binarisation", "none"))


def show_terms(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """Distortion, rate and ELBO of the image beside the test set's means."""
    found = terms(opened, image, label)
    if found.rate is None:
        st.subheader("How well the model explains it", anchor=False)
    else:
        heading("How well the model explains it", "elbo", conditional=bool(opened.n_classes))
    shown = {"Distortion": found.distortion}
    if found.rate is not None and found.elbo is not None:
        shown = {"ELBO": found.elbo, "Distortion": found.distortion, "Rate": found.rate}
    with st.grid("auto", min_column_width=140):
        for title, value in shown.items():
            st.metric(f"{title}, nats", words.number(value), border=True)
    st.caption(_about(opened, found))


def _about(opened: Opened, found: ImageTerms) -> str:
    if found.rate is None:
        sentence = (
            "An autoencoder’s code is a point without a prior: there is no rate and no ELBO, only "
            "the distortion −log p(x | z) of this one image."
        )
    else:
        sentence = (
            f"Of this one image; the distortion is a mean over {found.n_samples} posterior samples."
        )
    how = _binarisation(opened)
    if how != "none":
        sentence += f" Pixels are black and white as in training: {how} binarisation."
    report = opened.checkpoint.report
    figure = None if report is None else report.get("distortion" if found.rate is None else "elbo")
    if figure is None:
        return sentence
    return (
        f"{sentence} The mean over the {figure.n_images:,} {figure.split} images is "
        f"{words.with_error(figure)} nats."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _terms(
    key: str, image: bytes, label: int | None, _opened: Opened, _image: npt.NDArray[np.uint8]
) -> ImageTerms:
    return measure_image(_opened.model, _image, label)


@st.cache_data(max_entries=64, show_spinner=False)
def _elbos(
    key: str, image: bytes, _opened: Opened, _image: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    return elbo_of_classes(_opened.model, _image)
