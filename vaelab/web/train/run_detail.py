"""One run in full: where it stands, curves, pictures, log, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.runs import RESUMABLE, UNFINISHED, Metric, RunState, RunStore, is_here, tail
from vaelab.runs.record import Run
from vaelab.web import notices, state, words
from vaelab.web.navigation import link_to
from vaelab.web.train import form_state
from vaelab.web.train.advice import advice
from vaelab.web.train.curves import curve_figure, curves_of
from vaelab.web.train.form_words import FAMILY_TITLES
from vaelab.web.train.replay import last_rates, replay
from vaelab.web.train.requests import ask

LOG_LINES = 30
TROUBLED = (RunState.FAILED, RunState.LOST)


def show(store: RunStore, run: Run) -> None:
    """The details of a run; inside the fragment that polls."""
    with st.container(border=True):
        _heading(run)
        _actions(store, run)
        if run.state in TROUBLED:
            st.error(run.message or f"The run is {run.state}.")
        metrics = store.metrics(run.id)
        if not run.is_active:
            advice(store, run, metrics, last_rates(store, run))
        if metrics:
            _curves(run, metrics)
            replay(store, run)
        elif run.is_active:
            st.caption("Curves and pictures appear when the first epoch ends.")
        _log(run)


def _heading(run: Run) -> None:
    st.markdown(f"#### {run.name} {words.state_badge(run.state)}")
    st.caption(settings_line(run))
    if run.is_active or run.state is RunState.PAUSED:
        st.progress(min(run.progress.fraction, 1.0), text=_progress_text(run))
    if run.message and not run.is_active and run.state not in TROUBLED:
        st.markdown(run.message)


def settings_line(run: Run) -> str:
    """What was asked for, in a line: `VAE · digits · 16 dimensions · Bernoulli`."""
    model, data = run.config["model"], run.config["data"]
    source = Path(data["source"]).stem
    parts = [
        FAMILY_TITLES[run.config["family"]],
        source,
        f"{model['latent_dim']} dimensions",
        str(model["likelihood"]).replace("_", " "),
        f"{run.epochs} epochs",
    ]
    binarisation = run.config["train"].get("binarisation", "none")
    if binarisation != "none":
        parts.append(f"{binarisation} binarisation")
    beta = run.config["train"]["beta"]
    if beta != 1:
        parts.append(f"beta {beta:g}")
    return " · ".join(parts)


def _progress_text(run: Run) -> str:
    speed = run.progress.images_per_second
    line = words.progress_line(run)
    return f"{line} · {speed:,.0f} images/s" if speed and run.state is RunState.RUNNING else line


def _actions(store: RunStore, run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _course(store, run)
        checkpoint = _checkpoint(run)
        if checkpoint is not None:
            link_to("map", "Open in Map", ":material/scatter_plot:", checkpoint)
            link_to("sliders", "Open in Sliders", ":material/tune:", checkpoint)
        st.button(
            "Train again from these settings",
            key=f"again-{run.id}",
            icon=":material/replay:",
            on_click=_again,
            args=(run,),
            help="Fills the form above; nothing starts yet.",
        )
        if run.state not in UNFINISHED:
            st.button(
                "Delete",
                key=f"delete-run-{run.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=ask,
                args=(store.delete, run.id),
                help="Deletes the run with its curves and pictures; the checkpoint stays.",
            )


def _course(store: RunStore, run: Run) -> None:
    """Pause, resume and stop, where the run's state allows them."""
    asked = run.stop_requested_at is not None
    pausing = run.state is RunState.PAUSING
    if run.is_active:
        st.button(
            "Pausing …" if pausing and not asked else "Pause",
            key=f"pause-{run.id}",
            icon=":material/pause:",
            disabled=asked or pausing,
            on_click=ask,
            args=(store.request_pause, run.id),
            help="Saves the run and frees its slot; once resumed, it continues from exactly there.",
        )
    if run.state in RESUMABLE:
        st.button(
            "Resume",
            key=f"resume-{run.id}",
            icon=":material/play_arrow:",
            type="primary",
            on_click=ask,
            args=(store.resume, run.id),
            help="Puts the run at the head of the queue; it continues from its last saved step.",
        )
    if run.state in UNFINISHED:
        st.button(
            "Stopping …" if asked else "Stop",
            key=f"stop-{run.id}",
            icon=":material/stop:",
            disabled=asked,
            on_click=ask,
            args=(store.request_stop, run.id),
            help="Ends the run after this step; its checkpoint is kept.",
        )


def _again(run: Run) -> None:
    form_state.fill(run)
    notices.leave("The form above holds the settings of this run.", ":material/replay:")
    st.rerun()  # the form is outside the part that polls


def _checkpoint(run: Run) -> Checkpoint | None:
    """What the run has saved so far, if the pages can open it."""
    folder = Path(run.checkpoint)
    if folder.parent != settings.checkpoints_dir().absolute():
        return None
    found = {checkpoint.id: checkpoint for checkpoint in state.usable_checkpoints()}
    return found.get(folder.name)


def _log(run: Run) -> None:
    """The end of what the worker printed, in view where something went wrong."""
    lines = tail(run.id, LOG_LINES)
    if lines:
        troubled = run.state in TROUBLED
        with st.expander("Last lines of its log", icon=":material/terminal:", expanded=troubled):
            st.code("\n".join(lines), language=None, wrap_lines=True)
    elif run.host is not None and not is_here(run.home):
        st.caption(f"Its log is on the machine that trained it, {run.host.partition('/')[0]}.")


def _curves(run: Run, metrics: Sequence[Metric]) -> None:
    last = run.epochs if run.is_active else max(metric.epoch for metric in metrics)
    with st.grid(3, min_column_width=240):
        for curve in curves_of(metrics):
            st.plotly_chart(
                curve_figure(metrics, curve, last),
                key=f"curve-{run.id}-{curve.name}",
                config={"displayModeBar": False},
                alt=f"{curve.title} of run {run.name} over its epochs. {curve.meaning}",
            )
    if run.config["family"] == "ae":
        st.caption(
            "An autoencoder has no prior over its codes, hence no rate and no ELBO. Its "
            "samples come from a Gaussian mixture that is fitted to its codes."
        )
