"""The run database, opened once a server."""

from __future__ import annotations

import streamlit as st

from vaelab import settings
from vaelab.runs import UNFINISHED, WORKING, DatabaseError, RunError, RunStore
from vaelab.runs.record import Run


def run_store() -> RunStore:
    """The store of the database that the settings name.

    Raises:
        RunError: with a sentence, if it cannot be opened.
    """
    try:
        return _store(settings.database_url())
    except OSError as error:  # the address may hold a password, and is not repeated
        raise RunError(f"The run database cannot be opened: {error}.") from error


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(url: str) -> RunStore:
    return RunStore(url)


def active_runs() -> list[Run]:
    """Running ones first, then those that wait in the order in which they will start.

    Empty where the database cannot be read: the Train page says why.
    """
    try:
        store = run_store()
        return sorted(store.list_runs(*WORKING), key=lambda run: run.id) + store.queued()
    except (RunError, DatabaseError):
        return []


def taken_names() -> list[str]:
    """The names of runs that will still write a checkpoint, paused ones included."""
    try:
        return [run.name for run in run_store().list_runs(*UNFINISHED)]
    except (RunError, DatabaseError):
        return []
