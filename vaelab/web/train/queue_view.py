"""The runs that wait, in the order in which they will start, with arrows to change it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.runs import RunStore
from vaelab.runs.record import Run
from vaelab.web.train.requests import ask

ROWS_SHOWN = 8
FIRST = -1_000_000  # places; the queue is never as long


def queue_view(store: RunStore, waiting: Sequence[Run]) -> None:
    """A line a run; nothing where none waits."""
    if not waiting:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**Queue** · {len(waiting)} waiting, the next one first")
        for place, run in enumerate(waiting[:ROWS_SHOWN]):
            _line(store, run, place, len(waiting))
        if len(waiting) > ROWS_SHOWN:
            st.caption(f"and {len(waiting) - ROWS_SHOWN} more")


def _line(store: RunStore, run: Run, place: int, n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        group = f" :gray-badge[{run.group}]" if run.group else ""
        st.markdown(f"{place + 1}. {run.name}{group}", width="stretch")
        moves = (
            ("first", ":material/vertical_align_top:", FIRST, place == 0),
            ("earlier", ":material/arrow_upward:", -1, place == 0),
            ("later", ":material/arrow_downward:", 1, place == n - 1),
        )
        for name, icon, places, disabled in moves:
            st.button(
                "",
                key=f"queue-{name}-{run.id}",
                icon=icon,
                help=f"Let {run.name} start {name}",
                disabled=disabled,
                type="tertiary",
                on_click=ask,
                args=(store.reorder, run.id, places),
            )
        st.button(
            "",
            key=f"queue-hold-{run.id}",
            icon=":material/pause:",
            help=f"Hold {run.name} back until it is resumed",
            type="tertiary",
            on_click=ask,
            args=(store.request_pause, run.id),
        )
