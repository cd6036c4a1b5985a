"""Reports as tables and files: every number with its unit and what it was measured on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import Figure, Report
from vaelab.web import words

COLUMNS = (
    "checkpoint",
    "key",
    "name",
    "value",
    "standard_error",
    "unit",
    "split",
    "n_images",
    "n_samples",
    "seed",
    "definition",
)


def figure_table(report: Report) -> dict[str, list[str]]:
    """One row a figure, as text for reading."""
    return {
        "Figure": [f"**{figure.name}**" for figure in report.figures],
        "Value": [words.with_error(figure) for figure in report.figures],
        "Unit": [figure.unit for figure in report.figures],
        "Measured on": [measured_on(figure) for figure in report.figures],
    }


def measured_on(figure: Figure) -> str:
    """`10,000 test images, 64 samples each`."""
    text = f"{figure.n_images:,} {figure.split} images"
    if figure.n_samples is None:
        return text
    return f"{text}, {figure.n_samples} sample{'' if figure.n_samples == 1 else 's'} each"


def comparison_table(checkpoints: Sequence[Checkpoint]) -> dict[str, list[str]]:
    """One row a figure, one column a checkpoint; a dash where a report lacks the figure."""
    reports = {c.id: c.report for c in checkpoints if c.report is not None}
    units: dict[str, str] = {}
    names: dict[str, dict[str, None]] = {}  # log p(x) of one may stand beside log p(x|c)
    for report in reports.values():
        for figure in report.figures:
            units.setdefault(figure.key, figure.unit)
            names.setdefault(figure.key, {})[words.short_name(figure)] = None
    table = {
        "Figure": [" / ".join(names[key]) for key in units],
        "Unit": list(units.values()),
    }
    for name, report in reports.items():
        found = [report.get(key) for key in units]
        table[name] = ["–" if figure is None else words.with_error(figure) for figure in found]
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
