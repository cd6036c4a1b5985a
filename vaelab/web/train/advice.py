"""What a run's numbers say, in plain words, each with a button that queues a better run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.runs import DatabaseError, Metric, RunError, RunStore
from vaelab.runs.diagnosis import Remedy, diagnose, remedied
from vaelab.runs.record import Run
from vaelab.web import notices, words
from vaelab.web.run_store import taken_names


def advice(
    store: RunStore,
    run: Run,
    metrics: Sequence[Metric],
    rates: npt.NDArray[np.float32] | None,
) -> None:
    """The findings of a run; nothing where all is well."""
    for i, finding in enumerate(diagnose(run, metrics, rates)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/stethoscope: {finding.sentence}", width="stretch")
            for j, remedy in enumerate(finding.remedies):
                st.button(
                    remedy.title,
                    key=f"remedy-{run.id}-{i}-{j}",
                    icon=":material/playlist_add:",
                    help="Puts a run with this one change into the queue.",
                    on_click=_queue,
                    args=(store, run, remedy),
                )


def _queue(store: RunStore, run: Run, remedy: Remedy) -> None:
    try:
        config = remedied(run, remedy, taken_names())
        store.enqueue(config, group=run.group)
    except (ValueError, RunError, DatabaseError) as error:
        notices.leave(words.sentence(error), ":material/error:")
        return
    notices.leave(f"{config.name} is in the queue.", ":material/schedule:")
