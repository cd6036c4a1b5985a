"""Several runs at once: the form's run with other values of a few settings, as a group."""

from __future__ import annotations

import streamlit as st

from vaelab.runs import DatabaseError, RunError
from vaelab.runs.config import RunConfig
from vaelab.runs.sweeps import MOST_RUNS, parse_choices, sweep
from vaelab.web import notices, words
from vaelab.web.run_store import run_store, taken_names
from vaelab.web.train import form_state
from vaelab.web.train.form_state import key

FIELDS = {"beta": "Beta", "latent_dim": "Dimensions", "learning_rate": "Learning rate"}
EXAMPLES = {"beta": "0.5, 1, 4", "latent_dim": "2, 8, 32", "learning_rate": "0.001, 0.003"}


def sweep_form(base: RunConfig) -> None:
    """Values of three settings, how many combinations of them, and the button."""
    with st.expander("Sweep", icon=":material/grid_view:"):
        st.caption(
            "Queues a run for every combination of these values, as a group that is "
            "compared in one rate-distortion plot. A field left empty stays as above."
        )
        fields = st.grid(4, min_column_width=140)
        written: dict[str, str] = {}
        for name, title in FIELDS.items():
            with fields:
                written[name] = st.text_input(
                    title, key=key(f"sweep_{name}"), placeholder=EXAMPLES[name]
                )
        with fields:
            most = st.number_input(
                "At most",
                1,
                MOST_RUNS,
                12,
                key=key("sweep_most"),
                help="If there are more combinations, this many are drawn at random.",
            )
        texts = [f"{name}={text.replace(' ', '')}" for name, text in written.items() if text]
        if not texts:
            return
        try:
            found = sweep(base, parse_choices(texts), most=int(most), taken=taken_names())
        except ValueError as error:
            st.error(words.sentence(error))
            return
        if st.button(f"Queue {len(found)} runs", icon=":material/playlist_add:"):
            _queue(base, found)


def _queue(base: RunConfig, found: list[RunConfig]) -> None:
    try:
        for config in found:
            run_store().enqueue(config, group=base.name)
    except (RunError, DatabaseError, OSError) as error:
        st.error(words.sentence(error))
        return
    form_state.release_name()
    notices.leave(f"{len(found)} runs are in the queue.", ":material/schedule:")
    st.rerun()
