"""One run in full: where it stands, curves, pictures, log, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.runs import Metric, RunError, RunState, RunStore, tail
from vaelab.runs.record import Run
from vaelab.web import notices, state, words
from vaelab.web.navigation import link_to
from vaelab.web.show import data_address
from vaelab.web.train import form_state
from vaelab.web.train.curves import curve_figure, curves_of
from vaelab.web.train.model_form import FAMILY_TITLES

LOG_LINES = 30
PICTURES = {
    "samples": "Samples, from the same noise in every epoch",
    "reconstructions": "Validation images above their reconstructions",
}


def show(store: RunStore, run: Run) -> None:
    """The details of a run; inside the fragment that polls."""
    with st.container(border=True):
        _heading(run)
        _actions(store, run)
        if run.state in (RunState.FAILED, RunState.LOST):
            _trouble(run)
        metrics = store.metrics(run.id)
        if metrics:
            _curves(run, metrics)
            _pictures(store, run)
        elif run.is_active:
            st.caption("Curves and pictures appear with the end of the first epoch.")


def _heading(run: Run) -> None:
    st.markdown(f"#### {run.name} {words.state_badge(run.state)}")
    st.caption(settings_line(run))
    if run.is_active:
        st.progress(min(run.progress.fraction, 1.0), text=_progress_text(run))
    elif run.message and run.state not in (RunState.FAILED, RunState.LOST):
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
        if run.is_active:
            asked = run.stop_requested_at is not None
            st.button(
                "Stopping …" if asked else "Stop",
                key=f"stop-{run.id}",
                icon=":material/stop:",
                disabled=asked,
                on_click=_ask,
                args=(store.request_stop, run.id),
                help="Ends the run after this step; its checkpoint is kept.",
            )
        checkpoint = _checkpoint(run)
        if checkpoint is not None:
            link_to("map", "Open in Map", ":material/scatter_plot:", checkpoint.id)
            link_to("sliders", "Open in Sliders", ":material/tune:", checkpoint.id)
        st.button(
            "Train again from these settings",
            key=f"again-{run.id}",
            icon=":material/replay:",
            on_click=_again,
            args=(run,),
            help="Fills the form above; nothing starts yet.",
        )
        if not run.is_active:
            st.button(
                "Delete",
                key=f"delete-run-{run.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=_ask,
                args=(store.delete, run.id),
                help="Forgets the run, its curves and its pictures; the checkpoint stays.",
            )


def _again(run: Run) -> None:
    form_state.fill(run)
    notices.leave("The form above holds the settings of this run.", ":material/replay:")
    st.rerun()  # the form is outside the part that polls


def _ask(request: Callable[[int], object], run_id: int) -> None:
    """Stop or delete; the run may have ended or gone in the meantime."""
    try:
        request(run_id)
    except RunError as error:
        notices.leave(words.sentence(error), ":material/error:")


def _checkpoint(run: Run) -> Checkpoint | None:
    """What the run has saved so far, if the pages can open it."""
    folder = Path(run.checkpoint)
    if folder.parent != settings.checkpoints_dir().absolute():
        return None
    found = {checkpoint.id: checkpoint for checkpoint in state.usable_checkpoints()}
    return found.get(folder.name)


def _trouble(run: Run) -> None:
    st.error(run.message or f"The run is {run.state}.")
    lines = tail(run.id, LOG_LINES)
    if lines:
        with st.expander("Last lines of its log", icon=":material/terminal:"):
            st.code("\n".join(lines), language=None, wrap_lines=True)


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
            "An autoencoder has no prior over its codes, hence no rate and no ELBO. Its samples go "
            "through a Gaussian mixture that is fitted to its codes."
        )


def _pictures(store: RunStore, run: Run) -> None:
    epochs = store.image_epochs(run.id, "samples")
    if not epochs:
        return
    epoch = _pick_epoch(run, epochs)
    with st.grid(2, min_column_width=300):
        for kind, caption in PICTURES.items():
            png = store.image(run.id, epoch, kind)
            if png is not None:
                shown = data_address(png, "image/png")
                st.image(shown, caption=caption, width="stretch", alt=f"{caption}, epoch {epoch}")


def _pick_epoch(run: Run, epochs: list[int]) -> int:
    """The slider's epoch; at the right end it follows the run."""
    if len(epochs) == 1:
        return epochs[0]
    key, last_key = f"epoch-{run.id}", f"last-epoch-{run.id}"
    if st.session_state.get(key) in (None, st.session_state.get(last_key)):
        st.session_state[key] = epochs[-1]
    st.session_state[last_key] = epochs[-1]
    if st.session_state[key] not in epochs:
        st.session_state[key] = epochs[-1]
    epoch = st.select_slider("Epoch of the pictures", epochs, key=key)
    return int(epoch)
