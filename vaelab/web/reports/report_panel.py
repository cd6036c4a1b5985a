"""The parts of the Evaluate page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.checkpoints import Checkpoint, CheckpointError, update_report
from vaelab.data import DataError
from vaelab.evaluation import Report, evaluate
from vaelab.web import state, words
from vaelab.web.reports import report_tables
from vaelab.web.reports.report_figures import (
    RatePoint,
    rate_distortion_figure,
    rate_figure,
    shuffled_figure,
)

HEADLINES = ("elbo", "distortion", "rate", "log_px", "active_units", "mse")
MOST_COMPARED = 6


def show_report(checkpoint: Checkpoint, report: Report) -> None:
    """The headline figures, the table of all, what they mean, and the files to take away."""
    headlines = [figure for key in HEADLINES if (figure := report.get(key)) is not None][:5]
    with st.grid(len(headlines), min_column_width=125):
        for figure in headlines:
            value, error = words.value_and_error(figure)
            st.metric(
                words.short_name(figure),
                value,
                delta=f"± {error}" if error else None,
                delta_color="off",
                delta_arrow="off",
                help=f"{figure.name}, {figure.unit}, {report_tables.measured_on(figure)}. "
                f"{figure.definition}",
                border=True,
                height="stretch",
            )
    for note in report.notes:
        st.caption(f":material/info: {note}")
    st.table(
        report_tables.figure_table(report),
        border="horizontal",
        hide_index=True,
        alt=f"All figures of {checkpoint.id}",
    )
    with st.expander("What the figures mean", icon=":material/menu_book:"):
        for figure in report.figures:
            st.markdown(f"**{figure.name}** ({figure.unit}): {figure.definition}")
    downloads([checkpoint], f"report-{checkpoint.id}")


def show_probability(report: Report) -> None:
    """What only a model with a prior has: rates, and log p(x) against shuffled pixels."""
    with st.grid(2, min_column_width=340, gap="medium") as halves:
        if report.rate_per_dimension:
            with halves.cell():
                st.subheader("Rate of each dimension", anchor=False)
                show_rates(report)
        if "log_px" in report and "log_px_shuffled" in report:
            with halves.cell():
                st.subheader("Images against shuffled pixels", anchor=False)
                show_shuffled(report)


def show_rates(report: Report) -> None:
    """How much of the code each dimension carries."""
    rates = report.rate_per_dimension
    st.plotly_chart(
        rate_figure(rates),
        key="rates",
        config={"displayModeBar": False},
        alt=f"Mean rate of each of {len(rates)} latent dimensions",
    )


def show_shuffled(report: Report) -> None:
    """Whether the model knows structure: its images against their own pixels in random order."""
    st.plotly_chart(
        shuffled_figure(report),
        key="shuffled",
        config={"displayModeBar": False},
        alt="log p of test images and of the same images with shuffled pixels",
    )
    above = report.get("log_px_above_shuffled")
    if above is not None:
        st.caption(
            f"{above.value:.1%} of {above.n_images:,} {above.split} images are more probable than "
            "the same pixels in random order."
        )


def compute_button(checkpoint: Checkpoint, label: str) -> None:
    """Measure the checkpoint on its test images, here and now."""
    try:
        splits = state.splits_of(checkpoint)
    except DataError as error:
        st.caption(f"Measuring needs the images. {words.sentence(error)}")
        return
    if not st.button(label, icon=":material/analytics:", key=f"compute-{checkpoint.id}"):
        return
    bar = st.progress(0.0, text="Starting …")
    try:
        report = evaluate(
            state.model_of(checkpoint),
            splits.test,
            progress=lambda done, what: _advance(bar, done, what),
        )
        update_report(checkpoint, report)
    except (CheckpointError, ValueError, OSError) as error:
        bar.empty()
        st.error(words.sentence(error))
    else:
        st.rerun()


def compare(checkpoint: Checkpoint) -> None:
    """Several reports side by side, and their models in the plane of rate and distortion."""
    with_report = {c.id: c for c in state.usable_checkpoints() if c.report is not None}
    if len(with_report) < 2:
        st.caption("With a second evaluated checkpoint, both can be compared here.")
        return
    alike = [c.id for c in with_report.values() if c.data_name == checkpoint.data_name]
    default = sorted(alike, key=lambda name: name != checkpoint.id)[:4]
    names = st.multiselect(
        "Checkpoints",
        list(with_report),
        default=default,
        max_selections=MOST_COMPARED,
        key=f"compared-{checkpoint.id}",
        placeholder="Pick checkpoints to compare",
    )
    chosen = [with_report[name] for name in names]
    if not chosen:
        return
    _warn_if_different(chosen)
    st.dataframe(
        report_tables.comparison_table(chosen),
        hide_index=True,
        height="content",
        key="comparison",
        alt="Figures of several checkpoints",
        column_config={"Figure": st.column_config.TextColumn(pinned=True)},
    )
    points = _points(chosen)
    if points:
        st.plotly_chart(
            rate_distortion_figure(points),
            key="rate-distortion",
            config={"displayModeBar": False},
            alt="Distortion over rate of the checkpoints chosen",
        )
    downloads(chosen, "comparison")


def downloads(checkpoints: Sequence[Checkpoint], name: str) -> None:
    """The figures as CSV and as JSON."""
    files = (
        ("CSV", report_tables.to_csv, "text/csv"),
        ("JSON", report_tables.to_json, "application/json"),
    )
    with st.container(horizontal=True):
        for label, write, mime in files:
            st.download_button(
                label,
                write(checkpoints),
                f"{name}.{label.lower()}",
                mime,
                key=f"download-{name}-{label}",
                icon=":material/download:",
                on_click="ignore",
            )


def _advance(bar: st.delta_generator.DeltaGenerator, done: float, what: str) -> None:
    bar.progress(min(done, 1.0), text=f"Measuring {what} …")


def _points(checkpoints: Sequence[Checkpoint]) -> list[RatePoint]:
    points = []
    for checkpoint in checkpoints:
        report = checkpoint.report
        if report is not None and "rate" in report and "distortion" in report:
            points.append(
                RatePoint(checkpoint.id, report["rate"].value, report["distortion"].value)
            )
    return points


def _warn_if_different(checkpoints: Sequence[Checkpoint]) -> None:
    if len({c.data_fingerprint for c in checkpoints}) > 1:
        st.warning("These were measured on different images: their figures do not compare.")
        return
    if len({c.model_config.likelihood for c in checkpoints}) > 1:
        st.warning(
            "These score pixels by different likelihoods: ELBO, distortion and log p(x) do not "
            "compare, rates and mean squared errors do."
        )
    probabilistic = [c for c in checkpoints if not c.model_config.is_autoencoder]
    if len({c.model_config.is_conditional for c in probabilistic}) > 1:
        st.caption(
            ":material/info: A conditional model is told the class, and bounds log p(x|c); the "
            "others bound log p(x), which has to pay for the class too."
        )
