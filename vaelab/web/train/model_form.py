"""The second part of the Train form: family, model and objective; only what applies is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaelab.data import SourceDescription
from vaelab.models.config import (
    DEFAULT_DEPTH,
    DEFAULT_WIDTH,
    LARGE_SIDE,
    LARGE_WIDTH,
    LARGEST_MLP,
    LIKELIHOODS,
    PRIORS,
    REGULARISERS,
)
from vaelab.web.train import form_words
from vaelab.web.train.form_state import key, set_value, value

GAUSSIAN = ("gaussian", "gaussian_shared")


def choose_model(description: SourceDescription) -> list[str]:
    """The widgets that everybody needs; the names of the settings shown."""
    families = [
        f for f in form_words.FAMILY_TITLES if f != "cvae" or len(description.class_names) > 1
    ]
    if value("family") not in families:
        set_value("family", "vae")
    st.segmented_control(
        "Family",
        families,
        required=True,
        key=key("family"),
        format_func=form_words.FAMILY_TITLES.__getitem__,
        help=None if "cvae" in families else "A CVAE needs images of at least two classes.",
        persist_state="session",
    )
    st.caption(form_words.FAMILY_SENTENCES[value("family")])
    with st.grid(2, min_column_width=150):
        _number("latent_dim", "Latent dimensions", 1, 512, help="K, the length of a code z.")
        _number("epochs", "Epochs", 1, 100_000, help="Passes over the training images.")
    _select(
        "likelihood",
        "Likelihood p(x|z)",
        LIKELIHOODS,
        help="How pixels are scored. Bernoulli suits nearly black and white images, a Gaussian "
        "images with many greys or colours.",
    )
    if value("likelihood") != "bernoulli":
        return ["latent_dim", "epochs", "likelihood"]
    _select(
        "binarisation",
        "Binarisation",
        form_words.BINARISATION_TITLES,
        help=form_words.BINARISATION_HELP,
    )
    st.caption(form_words.BINARISATION_SENTENCES[value("binarisation")])
    return ["latent_dim", "epochs", "likelihood", "binarisation"]


def choose_advanced() -> list[str]:
    """The widgets inside the fold; the names of the settings shown."""
    shown: list[str] = []
    with st.grid(3, min_column_width=240, gap="medium") as columns:
        for part in (_network, _objective, _optimiser):
            with columns.cell():
                shown += part()
    return shown


def _network() -> list[str]:
    st.markdown("**Model**")
    shown = ["network", "width", "depth", "activation"]
    _select(
        "network",
        "Network",
        form_words.NETWORKS,
        help=f"By image size: fully connected up to {LARGEST_MLP:,} values per image.",
    )
    with st.grid(2, min_column_width=150):
        st.number_input(
            "Width",
            4,
            4096,
            key=key("width"),
            value=None if value("width") is None else "min",
            placeholder=_defaults(DEFAULT_WIDTH),
            help="Units of a hidden layer, or channels at half resolution: "
            f"{DEFAULT_WIDTH['conv']}, or {LARGE_WIDTH} above {LARGE_SIDE} pixels a side.",
            persist_state="session",
        )
        st.number_input(
            "Depth",
            0,
            8,
            key=key("depth"),
            value=None if value("depth") is None else "min",
            placeholder=_defaults(DEFAULT_DEPTH),
            help="Hidden layers, or residual blocks at each resolution.",
            persist_state="session",
        )
    _select("activation", "Activation", {"silu": "SiLU", "relu": "ReLU", "tanh": "tanh"})
    if value("likelihood") in GAUSSIAN:
        _number(
            "min_std",
            "Least standard deviation",
            0.001,
            1.0,
            0.01,
            "%.3f",
            help="A floor, in pixel units of [0, 1]: without one the density of a flat pixel "
            "grows without bound.",
        )
        shown.append("min_std")
    if value("family") == "cvae":
        _select("prior", "Prior", PRIORS)
        shown.append("prior")
    return shown


def _objective() -> list[str]:
    st.markdown("**Objective**")
    if value("family") == "ae":
        return _regulariser()
    with st.grid(2, min_column_width=150):
        _number(
            "iwae_samples",
            "Samples of z",
            1,
            1000,
            help=form_words.IWAE_HELP,
        )
        if value("iwae_samples") == 1:
            _number("beta", "Beta", 0.0, 1000.0, 0.1, help="Weight of the rate in the loss.")
            _number(
                "kl_warmup_epochs",
                "KL warm-up",
                0.0,
                100_000.0,
                1.0,
                help="Epochs over which beta rises from 0; 0 means none.",
            )
            _number(
                "free_bits",
                "Free bits",
                0.0,
                100.0,
                0.05,
                help="Nats per dimension that cost nothing, so that no dimension dies early.",
            )
    if value("iwae_samples") > 1:
        st.caption("The importance-weighted bound has no separate rate to weigh or to warm up.")
        return ["iwae_samples"]
    return ["iwae_samples", "beta", "kl_warmup_epochs", "free_bits"]


def _regulariser() -> list[str]:
    titles = {name: regulariser.title for name, regulariser in REGULARISERS.items()}
    _select("regulariser", "Kept from copying by", titles)
    chosen = REGULARISERS[value("regulariser")]
    if value("regulariser") == "bottleneck":
        return ["regulariser"]
    st.number_input(
        "Strength",
        0.0,
        1000.0,
        key=key("regulariser_strength"),
        value=None if value("regulariser_strength") is None else "min",
        step=0.05,
        placeholder=f"{chosen.default_strength:g}",
        help=f"{chosen.strength[0].upper()}{chosen.strength[1:]}.",
        persist_state="session",
    )
    return ["regulariser", "regulariser_strength"]


def _optimiser() -> list[str]:
    st.markdown("**Training**")
    with st.grid(2, min_column_width=150):
        _number("batch_size", "Batch size", 1, 65_536, help="Images per step.")
        _number(
            "learning_rate",
            "Learning rate",
            1e-8,
            10.0,
            1e-3,
            "%.5f",
            help="The highest rate of the schedule: a linear warm-up, then a cosine.",
        )
        _number("weight_decay", "Weight decay", 0.0, 10.0, 1e-4, "%.5f", help="Of AdamW.")
        _number(
            "grad_clip", "Gradient clipping", 0.0, 1e9, 10.0, help="Largest norm, nats; 0: none."
        )
        _number(
            "patience",
            "Early stopping",
            0,
            100_000,
            help="Epochs without a better validation ELBO before the run ends and takes its best "
            "epoch; the KL warm-up does not count. 0 trains to the end.",
        )
        _number("seed", "Seed", 0, 2**53 - 1, help="For weights, order and noise.")
        _number("threads", "Threads", 0, 1024, help="0 uses all cores.")
        _select("compile", "Compile the step", form_words.COMPILED, help=form_words.COMPILE_HELP)
    return [
        *("batch_size", "learning_rate", "weight_decay"),
        *("grad_clip", "patience", "seed", "threads", "compile"),
    ]


def _number(
    name: str,
    label: str,
    low: float,
    high: float,
    step: float | None = None,
    form: str | None = None,
    help: str | None = None,
) -> None:
    kind = type(low)
    set_value(name, min(max(kind(value(name)), low), high))
    st.number_input(
        label,
        low,
        high,
        step=step,
        format=form,
        key=key(name),
        help=help,
        persist_state="session",
    )


def _select(name: str, label: str, titles: Mapping[str, str], help: str | None = None) -> None:
    if value(name) not in titles:
        set_value(name, next(iter(titles)))
    st.selectbox(
        label,
        list(titles),
        key=key(name),
        format_func=lambda option: titles[option],
        help=help,
        persist_state="session",
    )


def _defaults(by_network: Mapping[str, Any]) -> str:
    chosen = value("network")
    return f"{by_network[chosen]}" if chosen in by_network else "automatic"
