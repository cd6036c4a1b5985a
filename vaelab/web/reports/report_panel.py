"""The parts of the Evaluate page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Report
from vaelab.evaluation.compare import Comparison
from vaelab.evaluation.compare import compare as compare_reports
from vaelab.evaluation.exports import FORMATS
from vaelab.web import state, words
from vaelab.web.reports import provenance, report_tables
from vaelab.web.reports.comparison_view import comparison_view
from vaelab.web.reports.figure_rows import figure_rows
from vaelab.web.reports.report_figures import (
    confusion_figure,
    log_px_figure,
    rate_distortion_figure,
    rate_figure,
    shuffled_figure,
)

HEADLINES = ("elbo", "distortion", "rate", "log_px", "active_units", "mse")

MOST_COMPARED = 6


def show_headlines(checkpoint: Checkpoint, report: Report) -> None:
    """The figures that one looks for first, and what a reader of any must know."""
    headlines = [figure for key in HEADLINES if (figure := report.get(key)) is not None][:5]
    with st.grid(len(headlines), min_column_width=125):
        for figure in headlines:
            value, error = words.value_and_error(figure)
            with st.container(border=True, height="stretch", gap="xxsmall"):
                st.metric(
                    words.short_name(figure),
                    value,
                    delta=f"± {error}" if error else None,
                    delta_color="off",
                    delta_arrow="off",
                )
                st.space("stretch")
                provenance.popover(checkpoint, figure, ":small[What it is]", "headline")
    for note in report.notes:
        st.caption(f":material/info: {note}")


def show_figures(checkpoint: Checkpoint, report: Report) -> None:
    """All figures by section, each with what it means behind its name, and the files."""
    st.subheader("All figures", anchor=False)
    st.caption(
        "Click a figure’s name for its definition, equation, unit, images, samples and seed."
    )
    figure_rows(checkpoint, report_tables.by_section(report))
    downloads([checkpoint], f"report-{checkpoint.id}")


def show_probability(report: Report) -> None:
    """What only a model with a prior has: rates, and log p(x) against shuffled pixels."""
    told = log_px_figure(report) is not None  # else an older report, which has means alone
    shuffled = not told and "log_px" in report and "log_px_shuffled" in report
    if not report.rate_per_dimension:
        return
    with st.grid(2 if shuffled else 1, min_column_width=340, gap="medium") as halves:
        with halves.cell():
            st.subheader("Rate of each dimension", anchor=False)
            show_rates(report)
        if shuffled:
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
    rate = report.get("rate")
    if rate is not None:
        st.caption(f"Means over {report_tables.measured_on(rate)}; they add up to the rate.")


def show_shuffled(report: Report) -> None:
    """Whether the model knows structure: its images against their own pixels in random order."""
    st.plotly_chart(
        shuffled_figure(report),
        key="shuffled",
        config={"displayModeBar": False},
        alt="log p of test images and of the same images with shuffled pixels",
    )
    _say_above_shuffled(report)


def show_others(report: Report) -> None:
    """How log p(x) is spread over the test images and over images that are none of the data's."""
    figure = log_px_figure(report)
    if figure is None:
        return
    st.subheader("Test images and others", anchor=False)
    st.plotly_chart(
        figure,
        key="others",
        config={"displayModeBar": False},
        alt="Spread of log p of test images, shuffled pixels, noise, inverted and other images",
    )
    st.caption(
        f"Each box holds the middle half of {_n_typical(report):,} images of its "
        "kind. Other images may well lie higher: that does not make them part of the "
        "data (Nalisnick et al. 2019)."
    )
    _say_above_shuffled(report)


def _n_typical(report: Report) -> int:
    kept = report.values_of("log_px_typicality")
    return 0 if kept is None else len(kept.array)


def show_samples(report: Report) -> None:
    """Which class the classifier takes samples of each class for."""
    table = report.table("classifier_confusion")
    if table is None:
        return
    st.subheader("Samples by class asked for and class named", anchor=False)
    st.plotly_chart(
        confusion_figure(table),
        key="confusion",
        config={"displayModeBar": False},
        alt=f"{table.name}: {table.definition}",
    )
    st.caption(table.definition)


def compare(checkpoint: Checkpoint) -> None:
    """Several reports side by side, and their models in the plane of rate and distortion."""
    with_report = {c.id: c for c in state.usable_checkpoints() if c.report is not None}
    if len(with_report) < 2:
        st.caption("Once two checkpoints have been evaluated, they can be compared here.")
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
    comparison = compare_reports(
        {c.id: c.report for c in chosen if c.report is not None},
        same_images=len({c.data_fingerprint for c in chosen}) == 1,
    )
    for note in comparison.notes:
        st.warning(note)
    if comparison.points:
        st.plotly_chart(
            rate_distortion_figure(comparison.points),
            key="rate-distortion",
            config={"displayModeBar": False},
            alt="Distortion over rate of the checkpoints chosen",
        )
        st.caption(
            "Along a dotted line the ELBO, −(distortion + rate), is the same; towards the lower "
            "left it is higher, which is better."
        )
    comparison_view(chosen, comparison)
    export_buttons(comparison)


def export_buttons(comparison: Comparison) -> None:
    """The comparison as files for a paper or a colleague."""
    endings = {"csv": "csv", "markdown": "md", "latex": "tex", "html": "html"}
    titles = {"csv": "CSV", "markdown": "Markdown", "latex": "LaTeX", "html": "HTML"}
    with st.container(horizontal=True):
        for name, write in FORMATS.items():
            st.download_button(
                titles[name],
                write(comparison),
                f"comparison.{endings[name]}",
                key=f"download-comparison-{name}",
                icon=":material/download:",
                on_click="ignore",
            )


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


def _say_above_shuffled(report: Report) -> None:
    above = report.get("log_px_above_shuffled")
    if above is not None:
        st.caption(
            f"{above.value:.1%} of {above.n_images:,} {above.split} images are more probable than "
            "the same pixels in random order."
        )
