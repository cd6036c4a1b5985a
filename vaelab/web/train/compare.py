"""Several runs side by side: their curves in one chart, a group in the rate-distortion plane."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.runs import RunStore
from vaelab.runs.record import Run
from vaelab.web.train.compare_figures import curves_figure, rate_distortion, rate_points
from vaelab.web.train.curves import CURVES, LOSS

MOST = 12  # runs in one chart: as many as there are colours
CURVE_TITLES = {curve.title: curve for curve in (*CURVES, LOSS)}


def compare(store: RunStore, runs: Sequence[Run], opened: Run) -> None:
    """A group or chosen runs; nothing while there are fewer than two that have begun."""
    begun = [run for run in runs if run.progress.epoch]
    if len(begun) < 2:
        return
    if not st.toggle("Compare runs", key="compare-on"):
        return
    with st.container(border=True):
        _show(store, _choose(begun, opened))


def _show(store: RunStore, chosen: Sequence[Run]) -> None:
    """The chart of one number, and the plane."""
    if len(chosen) < 2:
        st.caption("Choose at least two runs.")
        return
    numbers = [(run, store.metrics(run.id)) for run in chosen]
    titles = list(CURVE_TITLES)
    title = st.segmented_control("Number", titles, default=titles[0], key="compare-number")
    curve = CURVE_TITLES[title or titles[0]]
    by_name = {f"{run.name} ({run.id})": metrics for run, metrics in numbers}
    with st.grid(2, min_column_width=360):
        st.plotly_chart(
            curves_figure(by_name, curve),
            key="compare-curves",
            config={"displayModeBar": False},
            alt=f"{curve.title} of {len(chosen)} runs over their epochs",
        )
        points = rate_points(numbers)
        if points:
            st.plotly_chart(
                rate_distortion(points),
                key="compare-rate-distortion",
                config={"displayModeBar": False},
                alt="Rate and distortion of each run after its last epoch",
            )


def _choose(begun: Sequence[Run], opened: Run) -> list[Run]:
    groups = list(dict.fromkeys(run.group for run in begun if run.group))
    names = {run.id: f"{run.name} ({run.id})" for run in begun}
    group = None
    if groups:
        group = st.pills(
            "Group",
            groups,
            default=opened.group if opened.group in groups else None,
            key="compare-group",
        )
    if group:
        return [run for run in begun if run.group == group][:MOST]
    first = [opened.id, *(run.id for run in begun if run.id != opened.id)]
    chosen = st.multiselect(
        "Runs",
        list(names),
        default=[run_id for run_id in first if run_id in names][:4],
        format_func=lambda run_id: names[run_id],
        max_selections=MOST,
        key="compare-runs",
    )
    return [run for run in begun if run.id in chosen]
