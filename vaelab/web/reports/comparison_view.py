"""Several checkpoints' reports in one table that fits a narrow window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation.compare import Comparison
from vaelab.web import words
from vaelab.web.reports import provenance, report_tables
from vaelab.web.reports.short_names import short_names

FIGURE_WIDTH, VALUE_WIDTH = 225, 124  # pixels: two models beside the names in a narrow window
# What makes figures' names longer than the column; in full where their meaning is told.
SHORTER = {
    "AUROC by likelihood ratio against": "AUROC ratio vs",
    "AUROC by typicality against": "AUROC typical vs",
    "AUROC against": "AUROC vs",
    "bits per dimension": "bits/dim",
    "annealed importance sampling": "annealing",
    "Images with too few effective samples": "Few effective samples",
    "Annealing above importance sampling": "Annealing above sampling",
    "Accuracy of the classifier on real images": "Classifier on real images",
    "Classifier Fréchet distance of training images": "Classifier Fréchet, training",
}


def comparison_view(chosen: Sequence[Checkpoint], comparison: Comparison) -> None:
    """The table, its differences where they are asked for, and what a figure of it means."""
    differences = False
    if report_tables.paired(comparison):
        differences = st.toggle(
            f"Differences from {comparison.names[0]}",
            key="comparison-differences",
            help="Of the same images, with a 95% interval by paired bootstrap; one that leaves "
            "out 0 is clear.",
        )
    table = report_tables.comparison_table(comparison, differences=differences)
    st.dataframe(
        {**table, "Figure": [narrow(name) for name in table["Figure"]]},
        hide_index=True,
        height="content",
        key="comparison",
        alt="Figures of several checkpoints",
        column_config=columns({c.id: words.summary(c) for c in chosen}, comparison.names[0]),
    )
    _about(chosen, comparison)


def narrow(name: str) -> str:
    """A figure's name that fits its column: of several alternatives the first and an ellipsis.

    Those of models with and without classes are one: `log p(x)/p(x|c)`.
    """
    first, *others = name.split(" / ")
    plain = first.replace("p(x|c)", "p(x)")
    if others and all(other.replace("p(x|c)", "p(x)") == plain for other in others):
        first, others = plain.replace("p(x)", "p(x)/p(x|c)"), []
    for long, short in SHORTER.items():
        first = first.replace(long, short)
    return f"{first} / …" if others else first


def columns(summaries: Mapping[str, str], first: str) -> dict[str, Any]:
    """How wide the columns are and what stands above them.

    Args:
        summaries: of each checkpoint, in the order of the columns, by its name.
        first: what the others differ from.
    """
    column = st.column_config.TextColumn
    found: dict[str, Any] = {
        "Figure": column(pinned=True, width=FIGURE_WIDTH),
        "Unit": column(width=VALUE_WIDTH),
    }
    for name, short in short_names(list(summaries)).items():
        found[name] = column(short, width=VALUE_WIDTH, help=f"{name}: {summaries[name]}")
        title = f"{name} {words.MINUS} {first}"
        found[title] = column(f"Δ {short}", width=VALUE_WIDTH, help=title)
    return found


def _about(chosen: Sequence[Checkpoint], comparison: Comparison) -> None:
    """Definition, equation and provenance of one figure, for each checkpoint that has it."""
    names = {row.key: row.name for row in comparison.rows}
    with st.popover("What a figure means", icon=":material/menu_book:", key="about-comparison"):
        key = st.selectbox(
            "Figure", list(names), format_func=names.__getitem__, key="about-comparison-figure"
        )
        row = next(row for row in comparison.rows if row.key == key)
        for checkpoint, figure in zip(chosen, row.figures, strict=True):
            if figure is not None:
                provenance.about(checkpoint, figure)
                break
        for checkpoint, figure in zip(chosen, row.figures, strict=True):
            if figure is not None:
                st.caption(f"{checkpoint.id}: {report_tables.measured_on(figure)}")
