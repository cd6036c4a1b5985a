"""Measuring in the background: what is asked, how far it is, and an end on request."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from vaelab import settings as places
from vaelab.checkpoints import Checkpoint
from vaelab.data import DataError
from vaelab.evaluation import FULL
from vaelab.runs.evaluator import (
    DONE,
    Evaluation,
    evaluation_of,
    start_evaluation,
    stop_evaluation,
)
from vaelab.runs.measuring import settings_for
from vaelab.web import state, words

# What is asked for -> importance samples of log p(x), and the images that it is computed on.
THOROUGH = {
    "Quick": (64, 500),
    "Report": (FULL.n_importance_samples, FULL.n_log_px),
    "Paper": (5_000, 1_000),
}
POLL_S = 1.0
_SEEN = "evaluation_seen"  # in the session: whether the page was drawn while one was running


def measuring_panel(checkpoint: Checkpoint, label: str) -> None:
    """Starts an evaluation in a process of its own, or shows the one at work."""
    found = evaluation_of(checkpoint.path)
    if found is not None and found.is_running:
        st.session_state[_SEEN] = str(checkpoint.path)
        _watch(checkpoint)
        return
    if found is not None and found.state != DONE:
        st.warning(words.sentence(ValueError(found.message)), icon=":material/info:")
    try:
        with st.spinner("Reading the images …"):
            state.splits_of(checkpoint)
    except DataError as error:
        st.caption(f"Measuring needs the images. {words.sentence(error)}")
        return
    _form(checkpoint, label)


def _form(checkpoint: Checkpoint, label: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "How thoroughly",
            list(THOROUGH),
            default="Report",
            required=True,
            key=f"thorough-{checkpoint.id}",
            help="How many importance samples of log p(x) each of how many images gets: "
            + "; ".join(f"{name} {s:,} for {n:,}" for name, (s, n) in THOROUGH.items())
            + ". What was measured with the same settings is not computed again.",
        )
        pressed = st.button(label, icon=":material/analytics:", key=f"compute-{checkpoint.id}")
    if not pressed:
        return
    samples, images = THOROUGH[chosen or "Report"]
    asked = replace(settings_for(checkpoint, FULL), n_importance_samples=samples, n_log_px=images)
    try:
        start_evaluation(checkpoint.path, asked.to_dict(), places.data_dir())
    except OSError as error:
        st.error(words.sentence(error))
    else:
        st.rerun()


@st.fragment(run_every=POLL_S)
def _watch(checkpoint: Checkpoint) -> None:
    """Progress, read from the process's own words; the page is drawn anew when it ends."""
    found = evaluation_of(checkpoint.path)
    if found is None or not found.is_running:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(found.fraction, 1.0), text=_progress_text(found))
        if st.button("Stop", icon=":material/stop_circle:", key=f"stop-{checkpoint.id}"):
            stop_evaluation(checkpoint.path)
            st.rerun()


def _progress_text(found: Evaluation) -> str:
    return f"Measuring in the background: {found.message}, {found.fraction:.0%}"
