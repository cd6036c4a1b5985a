"""What the model says of one image: its ELBO, its posterior, its place among the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.latent import PROJECTIONS
from vaelab.latent.names import dimension_name
from vaelab.models import VAE
from vaelab.web import words
from vaelab.web.decoding import Encoded
from vaelab.web.figures import Mark, latent_map
from vaelab.web.image_figures import class_elbo, posterior_strip
from vaelab.web.map.projections import MapRequest, make_map, splits_present
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.measure import (
    SEED,
    ImageTerms,
    elbo_of_classes,
    measure_image,
    scored,
)
from vaelab.web.state import class_colours

MOST_DIMENSIONS = 48  # in the figure of the posterior
PLAIN = {"displayModeBar": False}
POINTS = 5_000


def best_class(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> int:
    """The image's own class, or the one under which its ELBO is highest."""
    if label is not None:
        return label
    seen = _as_scored(opened, image)
    return int(_elbos(opened.key, seen.tobytes(), opened, seen).argmax())


def _binarisation(opened: Opened) -> str:
    return str(opened.checkpoint.train_config.get("binarisation", "none"))


def _as_scored(opened: Opened, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """With black and white pixels where the model was trained on such."""
    return scored(image, _binarisation(opened), SEED)


def show_terms(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """Distortion, rate and ELBO of the image beside the test set's means."""
    image = _as_scored(opened, image)
    terms = _terms(opened.key, image.tobytes(), label, opened, image)
    st.subheader("How well the model explains it", anchor=False)
    shown = {"Distortion": terms.distortion}
    if terms.rate is not None and terms.elbo is not None:
        shown = {"ELBO": terms.elbo, "Distortion": terms.distortion, "Rate": terms.rate}
    with st.grid("auto", min_column_width=140):
        for title, value in shown.items():
            st.metric(f"{title}, nats", words.number(value), border=True)
    st.caption(_about(opened, terms))
    if opened.n_classes:
        _show_classes(opened, image, label)


def _about(opened: Opened, terms: ImageTerms) -> str:
    if terms.rate is None:
        sentence = (
            "An autoencoder’s code is a point without a prior: there is no rate and no ELBO, only "
            "the distortion −log p(x | z) of this one image."
        )
    else:
        sentence = (
            f"Of this one image; the distortion is a mean over {terms.n_samples} posterior samples."
        )
    how = _binarisation(opened)
    if how != "none":
        sentence += f" Pixels are black and white as in training: {how} binarisation."
    report = opened.checkpoint.report
    figure = None if report is None else report.get("distortion" if terms.rate is None else "elbo")
    if figure is None:
        return sentence
    return (
        f"{sentence} The mean over the {figure.n_images:,} {figure.split} images is "
        f"{words.with_error(figure)} nats."
    )


def _show_classes(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    values = _elbos(opened.key, image.tobytes(), opened, image)
    best = int(values.argmax())
    order = np.sort(np.argsort(-values)[:MOST_DIMENSIONS])
    names = [opened.class_names[c] for c in order]
    colours = class_colours(opened.n_classes)
    with st.expander(f"ELBO under every class: highest for {opened.class_names[best]}"):
        st.plotly_chart(
            class_elbo(
                values[order],
                names,
                chosen=None if label not in order else int(np.flatnonzero(order == label)[0]),
                colours=[colours[c] for c in order],
            ),
            key="class_elbo",
            alt=f"ELBO of the image under every class, highest for {opened.class_names[best]}",
            config=PLAIN,
        )
        st.caption(
            "A hint at its class, not a classifier: log p(x | c) is only bounded, by the ELBO. The "
            "ring marks the class that the model is told."
        )


def show_posterior(opened: Opened, code: Encoded, label: int | None) -> None:
    """The image's code in each dimension, against the prior or the data's codes."""
    axes = [axis for axis in opened.axes if not axis.unused][:MOST_DIMENSIONS] or opened.axes[:8]
    dims = [axis.dim for axis in axes]
    low, high, band = _band(opened, dims, label)
    title = "Its posterior in each dimension" if code.std is not None else "Its code"
    st.subheader(title, anchor=False)
    st.plotly_chart(
        posterior_strip(
            [dimension_name(d) for d in dims],
            code.mean[0, dims],
            None if code.std is None else code.std[0, dims],
            (low, high),
            band_name=band,
            colour=class_colours(1)[0],
        ),
        key="posterior",
        alt=f"Code of the image in {len(dims)} dimensions",
        config=PLAIN,
    )
    left_out = len(opened.axes) - len(dims)
    what = "dimensions with the highest rate" if code.std is not None else "widest dimensions"
    if left_out:
        st.caption(f"The {len(dims)} {what} of {len(opened.axes)}, in that order.")


def _band(
    opened: Opened, dims: list[int], label: int | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], str]:
    """What the code is compared with: low and high in each dimension, and its name."""
    model = opened.model
    if isinstance(model, VAE):
        y = None if label is None else torch.tensor([label])
        with torch.inference_mode():
            prior = model.prior(y)
            mean, std = prior.mean[0].double().numpy(), prior.std[0].double().numpy()
        return (mean - std)[dims], (mean + std)[dims], "prior, mean ± std"
    by_dim = {axis.dim: axis for axis in opened.axes}
    low = np.array([by_dim[d].low for d in dims])
    high = np.array([by_dim[d].high for d in dims])
    return low, high, "99% of the data’s codes"


def show_place(opened: Opened, code: Encoded) -> None:
    """Where the code lies among the stored ones, on the quick map."""
    st.subheader("Its place on the map", anchor=False)
    there = splits_present(opened.latents)
    split = "test" if "test" in there else "all"
    k = opened.latents.latent_dim
    request = MapRequest("dims" if k <= 2 else "pca", (0, min(1, k - 1)), split, POINTS)
    made = make_map(opened.checkpoint, request)
    x, y = made.projection.place(code.mean)[0]
    labels = None if opened.latents.labels is None else opened.latents.labels[made.rows]
    labels_of = made.projection.axis_labels
    if request.method == "dims":
        labels_of = (dimension_name(0), dimension_name(1) if k > 1 else "")
    st.plotly_chart(
        latent_map(
            made.points,
            labels,
            opened.class_names,
            axis_labels=labels_of,
            numbers=opened.latents.index[made.rows],
            colours=class_colours(max(1, len(opened.class_names))),
            marks=[Mark(float(x), float(y), "this image")],
            height=460,
        ),
        key="place",
        alt="Map of the stored codes with this image’s place",
        config={"scrollZoom": True, "displaylogo": False},
    )
    which = "test " if split == "test" else ""
    st.caption(f"{len(made.rows):,} {which}codes. {PROJECTIONS[request.method].description}")


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
