"""Reports as tables and files: every number with its unit and what it was measured on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import SECTIONS, Figure, Report
from vaelab.evaluation.compare import Comparison
from vaelab.evaluation.definitions import section_of
from vaelab.evaluation.exports import difference_text
from vaelab.web import words

COLUMNS = (
    "checkpoint",
    "key",
    "name",
    "value",
    "standard_error",
    "interval_low",
    "interval_high",
    "unit",
    "split",
    "n_images",
    "n_samples",
    "seed",
    "definition",
)


def by_section(report: Report) -> dict[str, list[Figure]]:
    """The figures under their sections' titles, in the order of the report."""
    found: dict[str, list[Figure]] = {}
    for figure in report.figures:
        section = SECTIONS.get(section_of(figure.key))
        found.setdefault(section.title if section else "More", []).append(figure)
    return found


def figure_table(figures: Sequence[Figure]) -> dict[str, list[str]]:
    """One row a figure, as text for reading."""
    return {
        "Figure": [f"**{figure.name}**" for figure in figures],
        "Value": [words.with_error(figure) for figure in figures],
        "Unit": [figure.unit for figure in figures],
        "Measured on": [measured_on(figure) for figure in figures],
    }


def measured_on(figure: Figure) -> str:
    """`10,000 test images, 64 samples each`."""
    text = f"{figure.n_images:,} {figure.split} images"
    if figure.n_samples is None:
        return text
    each = "" if section_of(figure.key) == "samples" else " each"
    return f"{text}, {figure.n_samples:,} sample{'' if figure.n_samples == 1 else 's'}{each}"


def comparison_table(comparison: Comparison) -> dict[str, list[str]]:
    """One row a figure, one column a report, and its paired difference from the first."""
    table = {
        "Figure": [row.name for row in comparison.rows],
        "Unit": [row.unit for row in comparison.rows],
    }
    for i, name in enumerate(comparison.names):
        found = [row.figures[i] for row in comparison.rows]
        table[name] = ["–" if figure is None else words.with_error(figure) for figure in found]
        differences = [row.differences[i] for row in comparison.rows]
        if any(difference is not None for difference in differences):
            title = f"{name} {words.MINUS} {comparison.names[0]}"
            table[title] = [difference_text(d).replace("-", words.MINUS) for d in differences]
    return table


def to_csv(checkpoints: Sequence[Checkpoint]) -> str:
    """Every figure of the reports, one a line, numbers in full."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for checkpoint in checkpoints:
        for figure in checkpoint.report.figures if checkpoint.report else ():
            row = {"checkpoint": checkpoint.id, **figure.to_dict()}
            writer.writerow([row[column] for column in COLUMNS])
    return text.getvalue()


def to_json(checkpoints: Sequence[Checkpoint]) -> str:
    """The reports as they are stored, by checkpoint."""
    reports = {c.id: c.report.to_dict() for c in checkpoints if c.report is not None}
    return json.dumps(reports, indent=1)
