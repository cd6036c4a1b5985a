"""The lower half of the Train page: the table of runs and the one that is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from vaelab.runs import DatabaseError, RunError, RunState
from vaelab.runs.record import Run
from vaelab.web import notices, words
from vaelab.web.run_store import run_store
from vaelab.web.server.lifespan import supervisor_runs, supervisor_trouble
from vaelab.web.train import run_detail
from vaelab.web.train.compare import compare
from vaelab.web.train.notify import notify
from vaelab.web.train.queue_view import queue_view

POLL_SECONDS = 2.0
ROWS_SHOWN = 8
OPEN = "open_run"  # in the session: the number of the run whose details are shown
_SHOWN = "runs_in_table"  # numbers of the rows as the browser last saw them
_CLICK = "open_run_click"


def runs_panel() -> None:
    """Table and details, polled only while a run is queued or at work."""
    try:
        busy = any(run.is_active for run in run_store().list_runs())
    except (RunError, DatabaseError) as error:
        st.error(words.sentence(error))
        return
    st.fragment(_panel, run_every=POLL_SECONDS if busy else None)(busy)


def _panel(was_busy: bool) -> None:
    try:
        _runs(was_busy)
    except (RunError, DatabaseError) as error:  # a server that restarts, a line that is cut
        st.warning(words.sentence(error), icon=":material/cloud_off:")


def _runs(was_busy: bool) -> None:
    notices.show()
    runs = run_store().list_runs()
    if was_busy and not any(run.is_active for run in runs):
        st.rerun()  # nothing is left to poll, and there is a checkpoint to pick
    if not runs:
        st.caption("No run yet. What you train appears here, with its curves and pictures.")
        return
    waiting = any(run.state is RunState.QUEUED for run in runs)
    if waiting and supervisor_trouble():
        st.warning(f"No run can be started: {supervisor_trouble()}", icon=":material/cloud_off:")
    elif waiting and not supervisor_runs():
        st.warning(
            "This server does not start queued runs. Start it with `streamlit run app.py`, or run "
            "`python -m vaelab runs serve` beside it.",
            icon=":material/schedule:",
        )
    opened = _opened(runs)
    queue_view(run_store(), run_store().queued())
    _table(runs, opened)
    notify(runs)
    compare(run_store(), runs, opened)
    run_detail.show(run_store(), opened)


def _opened(runs: list[Run]) -> Run:
    """The run asked for, else the one at work, else the newest."""
    asked = st.session_state.get(OPEN)
    by_id = {run.id: run for run in runs}
    if asked in by_id:
        return by_id[asked]
    return next((run for run in runs if run.is_working), runs[0])


def _table(runs: list[Run], opened: Run) -> None:
    st.session_state[_SHOWN] = [run.id for run in runs]
    st.dataframe(
        table(runs, opened.id),
        key="runs-table",
        hide_index=True,
        height="content" if len(runs) <= ROWS_SHOWN else 36 * (ROWS_SHOWN + 1),
        alt="Runs, newest first",
        column_config={
            "open": st.column_config.ButtonColumn(
                "", on_click=_open_clicked, key=_CLICK, type="tertiary", width="small"
            ),
            "run": st.column_config.TextColumn("Run", width="medium"),
            "state": st.column_config.MultiselectColumn(
                "State",
                options=[str(state) for state in RunState],
                color=[words.STATE_BADGES[state][1] for state in RunState],
                width="small",
            ),
            "progress": st.column_config.ProgressColumn(
                "Progress", format="%.0f%%", min_value=0.0, max_value=100.0, width="small"
            ),
            "epoch": st.column_config.TextColumn("Epoch", width="small"),
            "time": st.column_config.TextColumn("Time", width="small"),
            "started": st.column_config.DatetimeColumn("Queued", format="D MMM, HH:mm"),
        },
    )


def table(runs: list[Run], opened_id: int) -> dict[str, list[Any]]:
    """One row a run: what it is, where it stands, how long it took or still takes."""
    return {
        "open": [":material/visibility: Shown" if run.id == opened_id else "Open" for run in runs],
        "run": [run.name for run in runs],
        "state": [[str(run.state)] for run in runs],
        "progress": [100 * run.progress.fraction for run in runs],
        "epoch": [f"{run.progress.epoch:,} of {run.epochs:,}" for run in runs],
        "time": [_time(run) for run in runs],
        "started": [datetime.fromtimestamp(run.created_at) for run in runs],
    }


def _time(run: Run) -> str:
    if run.state is RunState.QUEUED:
        return "waiting"
    if run.state is RunState.PAUSED:
        return "held" if run.started_at is None else "paused"
    if run.is_working:
        left = words.duration(run.progress.eta_seconds)
        return f"{left} left" if left else run.progress.stage
    return words.duration(run.seconds)


def _open_clicked() -> None:
    click = st.session_state[_CLICK]
    shown = st.session_state.get(_SHOWN, [])
    if click is not None and click.row < len(shown):
        st.session_state[OPEN] = shown[click.row]
