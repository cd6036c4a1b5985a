"""The last part of the Train form: what it would cost, its name, and the button."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.data import DataSpec, SourceDescription
from vaelab.models import ModelConfig
from vaelab.runs import DatabaseError, RunError
from vaelab.runs.config import RunConfig
from vaelab.training import TrainConfig
from vaelab.web import notices, words
from vaelab.web.run_store import run_store
from vaelab.web.train import estimate, form_state
from vaelab.web.train.form_state import key, value
from vaelab.web.train.rate_form import rate_form
from vaelab.web.train.sweep_form import sweep_form


def run_config(spec: DataSpec, shown: list[str]) -> RunConfig:
    """The run that the form describes.

    Args:
        spec: the images.
        shown: the settings whose widgets are on the page; others keep their defaults.

    Raises:
        ValueError: with a sentence on the field that is wrong.
    """
    return RunConfig(
        name=value("name").strip(),
        data=spec,
        family=value("family"),
        model=form_state.model_settings(shown),
        train=TrainConfig(**form_state.train_settings(shown)),
        checkpoints=str(settings.checkpoints_dir()),
    )


def launch(spec: DataSpec, description: SourceDescription, shown: list[str]) -> None:
    """Name, button and cost."""
    form_state.suggest(f"{Path(spec.source).stem}-{value('family')}-{value('latent_dim')}d")
    with st.container(border=True):
        name, button = st.columns([3, 1], vertical_alignment="bottom")
        name.text_input(
            "Name",
            key=key("name"),
            max_chars=80,
            help="For the run and its checkpoint: letters, digits and . _ -",
            persist_state="session",
        )
        try:
            config = run_config(spec, shown)
            shape = description.image_shape or (1, 8, 8)
            model = config.model_config(shape, len(description.class_names))
            if config.checkpoint_folder.exists():
                raise ValueError(f"A checkpoint named {config.name} exists; choose another name.")
        except ValueError as error:
            button.button("Train", type="primary", disabled=True, width="stretch")
            st.error(words.sentence(error))
            return
        if button.button("Train", type="primary", icon=":material/play_arrow:", width="stretch"):
            start(config)
        fractions = spec.validation_fraction, spec.test_fraction
        _cost(model, config.train, estimate.n_training_images(description, *fractions))
        rate_form(config)
        sweep_form(config)


def start(config: RunConfig) -> None:
    """Put the run into the queue and open it below."""
    try:
        run_id = run_store().enqueue(config)
    except (RunError, DatabaseError, OSError) as error:
        st.error(words.sentence(error))
        return
    st.session_state["open_run"] = run_id
    form_state.release_name()
    notices.leave(f"{config.name} is in the queue.", ":material/schedule:")
    st.rerun()


@st.fragment(parallel=True)
def _cost(model: ModelConfig, train: TrainConfig, n_images: int) -> None:
    """In parallel: the first timing of a large network takes seconds, which hold up nothing."""
    what = f"{words.NETWORK_TITLES[model.network]}, {estimate.n_parameters(model):,} parameters"
    place = st.empty()
    place.caption(f"{what} · timing a few steps …")
    found = estimate.cost(model, train, n_images)
    place.caption(
        f"{what} · {estimate.in_words(found)}",
        help=f"{'The step is compiled' if found.compiling else 'The step is not compiled'}: "
        f"{found.reason}. Timed on a few steps of made-up images; a first compilation counts in "
        "full, later ones of the same network take a third.",
    )
