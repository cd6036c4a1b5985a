"""Reports as tables and files: every number with its unit and what it was measured on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from vaelab.checkpoints import Checkpoint
from vaelab.evaluation import SECTIONS, Figure, Report
from vaelab.evaluation.compare import Comparison, compare
from vaelab.evaluation.definitions import section_of
from vaelab.evaluation.exports import difference_text
from vaelab.evaluation.exports import to_csv as comparison_csv
from vaelab.web import words


def by_section(report: Report) -> dict[str, list[Figure]]:
    """The figures under their sections' titles, in the order of the report."""
    found: dict[str, list[Figure]] = {}
    for figure in report.figures:
        section = SECTIONS.get(section_of(figure.key))
        found.setdefault(section.title if section else "More", []).append(figure)
    return found


def measured_on(figure: Figure) -> str:
    """`10,000 test images, 64 samples each`."""
    text = f"{figure.n_images:,} {figure.split} images"
    if figure.n_samples is None:
        return text
    each = "" if section_of(figure.key) == "samples" else " each"
    return f"{text}, {figure.n_samples:,} sample{'' if figure.n_samples == 1 else 's'}{each}"


def comparison_table(comparison: Comparison, *, differences: bool) -> dict[str, list[str]]:
    """One row a figure, one column a report, the unit last.

    Args:
        comparison: the reports.
        differences: whether to put each one's paired difference from the first beside it.
    """
    table = {"Figure": [row.name for row in comparison.rows]}
    for i, name in enumerate(comparison.names):
        found = [row.figures[i] for row in comparison.rows]
        table[name] = ["–" if figure is None else words.with_error(figure) for figure in found]
        if differences and i in paired(comparison):
            texts = [difference_text(row.differences[i]) for row in comparison.rows]
            title = f"{name} {words.MINUS} {comparison.names[0]}"
            table[title] = [text.replace("-", words.MINUS) for text in texts]
    table["Unit"] = [row.unit for row in comparison.rows]
    return table


def paired(comparison: Comparison) -> list[int]:
    """Which reports were measured on the same images as the first, one by one."""
    rows = comparison.rows
    return [
        i
        for i in range(len(comparison.names))
        if any(row.differences[i] is not None for row in rows)
    ]


def to_csv(checkpoints: Sequence[Checkpoint]) -> str:
    """Every figure of the reports, one a line, as a comparison's file has them."""
    reports = {c.id: c.report for c in checkpoints if c.report is not None}
    return comparison_csv(compare(reports)) if reports else ""


def to_json(checkpoints: Sequence[Checkpoint]) -> str:
    """The reports as they are stored, by checkpoint."""
    reports = {c.id: c.report.to_dict() for c in checkpoints if c.report is not None}
    return json.dumps(reports, indent=1)
