"""The sidebar of every page: the checkpoint picker and the chip of the run at work."""

from __future__ import annotations

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.web import state, words
from vaelab.web.navigation import link_to
from vaelab.web.run_store import active_runs

POLL_SECONDS = 2.0
_PICKER = "checkpoint_picker"


def picker(choice: state.Choice) -> None:
    """Pick the checkpoint that all pages show."""
    if choice.checkpoint is None:
        st.caption("No checkpoint yet. Train a model to see one here.")
        return
    usable = {checkpoint.id: checkpoint for checkpoint in state.usable_checkpoints()}
    st.session_state[_PICKER] = choice.checkpoint.id
    st.selectbox(
        "Checkpoint",
        list(usable),
        key=_PICKER,
        on_change=lambda: state.choose(st.session_state[_PICKER]),
        help="The trained model that all pages show. It is part of the address, so a link "
        "leads to it.",
    )
    st.caption(_details(choice.checkpoint))


def _details(checkpoint: Checkpoint) -> str:
    epochs = f"{checkpoint.epoch} epoch{'' if checkpoint.epoch == 1 else 's'}"
    return f"{words.summary(checkpoint)} · {epochs}"


def run_chip() -> None:
    """The run at work, polled while there is one."""
    busy = bool(active_runs())
    st.fragment(_chip, run_every=POLL_SECONDS if busy else None)(busy)


def _chip(was_busy: bool) -> None:
    runs = active_runs()
    if was_busy and not runs:
        st.rerun()  # the run has ended: its checkpoint belongs in the picker
    if not runs:
        return
    run = runs[0]
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{words.state_badge(run.state)} **{run.name}**")
        st.progress(min(run.progress.fraction, 1.0), text=words.progress_line(run))
        if len(runs) > 1:
            st.caption(f"{len(runs) - 1} more waiting")
        link_to("train", "Watch it", ":material/monitoring:")
