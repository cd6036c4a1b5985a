"""Which class a conditional model takes one image for: p(c | x), and the ELBO under every class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.class_posterior import ClassLikelihoods, ClassPosterior, class_likelihoods
from vaelab.latent.encode import SPLITS
from vaelab.web import words
from vaelab.web.image_figures import class_elbo, class_probabilities
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import class_words
from vaelab.web.reconstruct.meanings import heading
from vaelab.web.reconstruct.measure import SEED
from vaelab.web.reconstruct.reconstruct_measures import as_scored, elbos
from vaelab.web.state import class_colours

DECODINGS = {"mlp": 20_000, "conv": 2_000}  # of all classes together, by network
FEWEST, MOST = 50, 1_000  # samples a class
MOST_FACTOR = {"mlp": 16, "conv": 4}  # times as many that can be asked for, by network
AT_ONCE = "mlp"  # the network that needs no button: it decodes them in a moment
MOST_CLASSES = 24  # in the figures: the most probable
FREQUENCIES, UNIFORM = "Training frequencies", "Uniform"
PLAIN = {"displayModeBar": False}


def samples_of(opened: Opened) -> int:
    """Importance samples a class, so that all classes together take a second or two."""
    config = opened.model.config
    return int(np.clip(DECODINGS[config.network] // config.n_classes, FEWEST, MOST))


def likelihoods_of(
    opened: Opened, image: npt.NDArray[np.uint8], n_samples: int | None = None
) -> ClassLikelihoods:
    """log p(x | c) of one image under every class, with pixels as in training; kept.

    By `samples_of` the model when `n_samples` is None.
    """
    seen = as_scored(opened, image)
    n = samples_of(opened) if n_samples is None else n_samples
    return _likelihoods(opened.key, seen.tobytes(), n, opened, seen)


def frequencies(opened: Opened) -> npt.NDArray[np.float64] | None:
    """p(c) as often as the stored training codes have each class; None without labels."""
    labels = opened.latents.labels
    if labels is None:
        return None
    training = labels[opened.latents.split == SPLITS["train"]]
    if not len(training):
        return None
    counts = np.bincount(training, minlength=opened.n_classes)
    return np.asarray(counts / counts.sum())


def uniform(opened: Opened) -> npt.NDArray[np.float64]:
    """p(c) = 1 / n_classes."""
    return np.full(opened.n_classes, 1 / opened.n_classes)


def show_classes(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """p(c | x) of a conditional model, at once or on a button; below it the ELBO's view."""
    if not opened.n_classes:
        return
    heading("Which class the model takes it for", "classes", conditional=True)
    _measured(opened, image, label)
    _show_elbos(opened, image, label)


@st.fragment(parallel=True)
def _measured(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    """In parallel: decoding under every class takes a large network seconds."""
    key, this = f"{opened.key}:class-posterior", hash(image.tobytes())
    network = opened.model.config.network
    asked, factor = st.session_state.get(key, (None, 1))  # for which picture, and how many times n
    if asked != this:
        factor = 1
    n = factor * samples_of(opened)

    def ask(times: int) -> None:
        st.session_state[key] = (this, times)

    if network != AT_ONCE and asked != this:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Measure p(c | x)",
                icon=":material/category:",
                key="class-posterior-measure",
                on_click=ask,
                args=(1,),
            )
            st.caption(f"{n} importance samples under each of {opened.n_classes} classes.")
        return
    prior, name = _prior(opened)
    place = st.empty()
    place.caption(f"Decoding {n * opened.n_classes:,} samples …")
    likelihoods = likelihoods_of(opened, image, n)
    with place.container():
        _figures(opened, likelihoods, likelihoods.posterior(prior), label)
        st.caption(" ".join(class_words.about(likelihoods, name)))
        if factor < MOST_FACTOR[network]:
            st.button(
                "Four times the samples",
                icon=":material/add:",
                key="class-posterior-more",
                on_click=ask,
                args=(4 * factor,),
                help="Takes about four times as long; the errors halve.",
            )


def _prior(opened: Opened) -> tuple[npt.NDArray[np.float64], str]:
    """p(c) as chosen, and what it is, for people."""
    counted = frequencies(opened)
    if counted is None:
        return uniform(opened), "uniform: the checkpoint keeps no training labels"
    chosen = st.segmented_control(
        "Prior p(c)",
        [FREQUENCIES, UNIFORM],
        default=FREQUENCIES,
        required=True,
        key=f"{opened.key}:class-prior",
        persist_state="session",
    )
    if chosen == UNIFORM:
        return uniform(opened), "uniform"
    n = int((opened.latents.split == SPLITS["train"]).sum())
    return counted, f"the frequencies of {n:,} training images"


def _figures(
    opened: Opened, likelihoods: ClassLikelihoods, posterior: ClassPosterior, label: int | None
) -> None:
    p, error = posterior.probability[0], posterior.standard_error[0]
    st.markdown(f"**{class_words.verdict(p, error, opened.class_names)}**")
    doubt = class_words.doubt(p, likelihoods.effective_samples[0], opened.class_names)
    if doubt:
        st.warning(doubt, icon=":material/warning:")
    shown = _most(p, label)
    colours = class_colours(opened.n_classes)
    st.plotly_chart(
        class_probabilities(
            p[shown],
            error[shown],
            [opened.class_names[c] for c in shown],
            log_px=likelihoods.log_px[0, shown],
            effective_samples=likelihoods.effective_samples[0, shown],
            colours=[colours[c] for c in shown],
        ),
        key="class_probabilities",
        alt=class_words.verdict(p, error, opened.class_names),
        config=PLAIN,
    )


def _show_elbos(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> None:
    values = elbos(opened, image)
    best = int(values.argmax())
    shown = _most(values, label)
    colours = class_colours(opened.n_classes)
    with st.expander(f"ELBO under every class: highest for {opened.class_names[best]}"):
        st.plotly_chart(
            class_elbo(
                values[shown],
                [opened.class_names[c] for c in shown],
                chosen=None if label is None else int(np.flatnonzero(shown == label)[0]),
                colours=[colours[c] for c in shown],
            ),
            key="class_elbo",
            alt=f"ELBO of the image under every class, highest for {opened.class_names[best]}",
            config=PLAIN,
        )
        ahead = ""
        if len(values) > 1:
            second = float(np.sort(values)[-2])
            ahead = f"The highest is {words.number(values[best] - second)} nats above the next. "
        st.caption(
            f"{ahead}A hint at its class: log p(x | c) is only bounded, by the ELBO. The ring "
            "marks the class that the model is told."
        )


def _most(values: npt.NDArray[np.float64], label: int | None) -> npt.NDArray[np.int64]:
    """The classes of the highest values, and the one told, in the classes' order."""
    chosen = set(np.argsort(-values, kind="stable")[:MOST_CLASSES].tolist())
    return np.array(sorted(chosen | ({label} if label is not None else set())), np.int64)


@st.cache_data(max_entries=64, show_spinner=False)
def _likelihoods(
    key: str, image: bytes, n_samples: int, _opened: Opened, _image: npt.NDArray[np.uint8]
) -> ClassLikelihoods:
    one = ImageDataset("one", _image[None])
    return class_likelihoods(_opened.model, one, n_samples=n_samples, seed=SEED)
