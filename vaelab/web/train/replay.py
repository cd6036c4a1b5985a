"""A run's epochs to go through or to play: samples, reconstructions, the map, active units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.runs import RunStore
from vaelab.runs.record import Run
from vaelab.web.show import data_address
from vaelab.web.train.replay_figures import active, map_figure, rates_figure

FRAME_SECONDS = 0.6  # of an epoch while it plays
MAP, RATES, LABELS = "map", "rates", "labels"  # as the worker records them
PICTURES = {
    "samples": "Samples, from the same noise in every epoch",
    "reconstructions": "Validation images above their reconstructions",
}


def replay(store: RunStore, run: Run) -> None:
    """The scrubber and what belongs to its epoch; nothing before the first picture."""
    epochs = store.image_epochs(run.id, "samples")
    if not epochs:
        return
    playing = bool(st.session_state.get(_key("playing", run))) and len(epochs) > 1
    if len(epochs) > 1:
        st.button(
            "Stop" if playing else "Play the epochs",
            key=f"play-{run.id}",
            icon=":material/stop:" if playing else ":material/play_arrow:",
            on_click=_toggle,
            args=(run, epochs),
        )
    st.fragment(_frame, run_every=FRAME_SECONDS if playing else None)(store, run, epochs, playing)


def _frame(store: RunStore, run: Run, epochs: list[int], playing: bool) -> None:
    if playing and not _advance(run, epochs):
        st.rerun()  # the last epoch has been shown: the button outside says so
    epoch = _pick(run, epochs)
    with st.grid(2, min_column_width=300):
        for kind, caption in PICTURES.items():
            png = store.image(run.id, epoch, kind)
            if png is not None:
                shown = data_address(png, "image/png")
                st.image(shown, caption=caption, width="stretch", alt=f"{caption}, epoch {epoch}")
        points, rates = store.array(run.id, epoch, MAP), store.array(run.id, epoch, RATES)
        if points is not None:
            _map(store, run, epoch, points, epochs)
        if rates is not None:
            _rates(store, run, epoch, rates, epochs)


def _map(store: RunStore, run: Run, epoch: int, points: np.ndarray, epochs: Sequence[int]) -> None:
    labels = store.array(run.id, 0, LABELS)
    names = [] if labels is None else [str(c) for c in range(int(labels.max()) + 1)]
    seen = [store.array(run.id, e, MAP) for e in _some(epochs)]
    drawn = np.concatenate([np.asarray(a, np.float32) for a in (*seen, points) if a is not None])
    span = np.stack([drawn.min(0), drawn.max(0)])
    with st.container():
        st.plotly_chart(
            map_figure(
                np.asarray(points, np.float32),
                None if labels is None else labels.astype(np.int64),
                names,
                span,
            ),
            key=f"replay-map-{run.id}",
            config={"displayModeBar": False},
            alt=f"Codes of {len(points)} validation images on a plane, epoch {epoch}",
        )
        plane = "" if run.config["model"]["latent_dim"] == 2 else ", on two principal components"
        st.caption(f"Codes of {len(points):,} validation images{plane}")


def _rates(store: RunStore, run: Run, epoch: int, rates: np.ndarray, epochs: Sequence[int]) -> None:
    ends = [
        store.array(run.id, e, RATES) for e in (epochs[0], epochs[len(epochs) // 2], epochs[-1])
    ]
    highest = max(float(array.max()) for array in (*ends, rates) if array is not None)
    with st.container():
        st.plotly_chart(
            rates_figure(rates, highest),
            key=f"replay-rates-{run.id}",
            config={"displayModeBar": False},
            alt=f"Rate of each dimension in nats, epoch {epoch}: {active(rates)}",
        )
        st.caption(f"{active(rates)}, with at least 0.01 nats each")


def _some(epochs: Sequence[int]) -> tuple[int, int, int]:
    """Epochs that the axes are made to fit."""
    return epochs[0], epochs[len(epochs) // 2], epochs[-1]


def last_rates(store: RunStore, run: Run) -> npt.NDArray[np.float32] | None:
    """Nats of each dimension at the last pictured epoch; None for an autoencoder."""
    epochs = store.image_epochs(run.id, "samples")
    return store.array(run.id, epochs[-1], RATES) if epochs else None


def _key(what: str, run: Run) -> str:
    return f"replay-{what}-{run.id}"


def _toggle(run: Run, epochs: list[int]) -> None:
    key = _key("playing", run)
    st.session_state[key] = not st.session_state.get(key, False)
    if st.session_state[key] and st.session_state.get(f"epoch-{run.id}") == epochs[-1]:
        st.session_state[_key("next", run)] = epochs[0]


def _advance(run: Run, epochs: list[int]) -> bool:
    """Set the slider to the next epoch; False after the last."""
    key = f"epoch-{run.id}"
    begin = st.session_state.pop(_key("next", run), None)
    if begin is not None:
        st.session_state[key] = begin
        return True
    now = st.session_state.get(key, epochs[0])
    later = [epoch for epoch in epochs if epoch > now]
    if not later:
        st.session_state[_key("playing", run)] = False
        return False
    # Many epochs go by in strides: a replay takes less than half a minute.
    stride = max(1, len(epochs) // 40)
    st.session_state[key] = later[min(stride, len(later)) - 1]
    return True


def _pick(run: Run, epochs: list[int]) -> int:
    """The slider's epoch; at the right end it follows the run."""
    if len(epochs) == 1:
        return epochs[0]
    key, last_key = f"epoch-{run.id}", f"last-epoch-{run.id}"
    if st.session_state.get(key) in (None, st.session_state.get(last_key)):
        st.session_state[key] = epochs[-1]
    st.session_state[last_key] = epochs[-1]
    if st.session_state[key] not in epochs:
        st.session_state[key] = epochs[-1]
    epoch = st.select_slider("Epoch", epochs, key=key)
    return int(epoch)
