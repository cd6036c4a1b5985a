"""Reports side by side: one row a figure, and differences image by image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vaelab.evaluation.bootstrap import Difference, paired_difference
from vaelab.evaluation.definitions import DEFINITIONS
from vaelab.evaluation.report import Figure, Report


@dataclass(frozen=True)
class Row:
    """One figure of all reports.

    Attributes:
        key: of the figure.
        name: without what stands in brackets; several where the reports call it differently.
        unit: of the values.
        definition: what was computed.
        figures: one a report, None where it has none.
        differences: of each report from the first, None for the first itself and where the two
            were not measured on the same images one by one.
    """

    key: str
    name: str
    unit: str
    definition: str
    figures: tuple[Figure | None, ...]
    differences: tuple[Difference | None, ...]


@dataclass(frozen=True)
class RatePoint:
    """A model in the plane of rate and distortion, nats per image."""

    name: str
    rate: float
    distortion: float


@dataclass(frozen=True)
class Comparison:
    """Several reports.

    Attributes:
        names: of the reports, the columns.
        rows: in the order of the report.
        points: of those that have a rate.
        notes: what a reader must know before comparing.
    """

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    points: tuple[RatePoint, ...]
    notes: tuple[str, ...]


def compare(reports: Mapping[str, Report], *, same_images: bool = True) -> Comparison:
    """Set reports side by side.

    Args:
        reports: by the names that the columns get, the first being what others differ from.
        same_images: whether all were measured on the same data set; without it nothing is paired.

    Raises:
        ValueError: without a report.
    """
    if not reports:
        raise ValueError("reports must hold at least one report, got none.")
    keys = [key for key in DEFINITIONS if any(key in report for report in reports.values())]
    found = {figure.key: None for report in reports.values() for figure in report.figures}
    keys += [key for key in found if key not in DEFINITIONS]
    rows = tuple(_row(key, list(reports.values()), same_images) for key in keys)
    points = tuple(
        RatePoint(name, report["rate"].value, report["distortion"].value)
        for name, report in reports.items()
        if "rate" in report and "distortion" in report
    )
    return Comparison(tuple(reports), rows, points, _notes(rows, same_images))


def _row(key: str, reports: list[Report], same_images: bool) -> Row:
    figures = tuple(report.get(key) for report in reports)
    there = [figure for figure in figures if figure is not None]
    names = dict.fromkeys(figure.name.partition(" (")[0] for figure in there)
    paired = [_difference(key, reports[0], report) for report in reports[1:]]
    return Row(
        key,
        " / ".join(names),
        there[0].unit,
        there[0].definition,
        figures,
        (None, *(paired if same_images else [None] * len(paired))),
    )


def _difference(key: str, first: Report, other: Report) -> Difference | None:
    """other - first, where both hold the values of the same images scored in the same way."""
    sign = -1 if key == "nll" else 1
    stored = "log_px" if key == "nll" else key
    a, b = other.values_of(stored), first.values_of(stored)
    if a is None or b is None or (a.split, a.n_split) != (b.split, b.n_split):
        return None
    of_a, of_b = other.get(key), first.get(key)
    if of_a is None or of_b is None or of_a.name != of_b.name or len(a.array) != len(b.array):
        return None
    return paired_difference(sign * a.array, sign * b.array)


def _notes(rows: tuple[Row, ...], same_images: bool) -> tuple[str, ...]:
    notes = []
    if not same_images:
        notes.append("These were measured on different images: their figures do not compare.")
    elbo = next((row for row in rows if row.key == "elbo"), None)
    scored = {figure.name for figure in (elbo.figures if elbo else ()) if figure is not None}
    if len(scored) > 1:
        notes.append(
            f"These score pixels differently ({'; '.join(sorted(scored))}): ELBO, distortion and "
            "log p(x) do not compare."
        )
    told = next((row for row in rows if row.key == "log_px"), None)
    if told is not None and " / " in told.name:
        notes.append(
            "A conditional model is told the class and bounds log p(x|c); the others bound "
            "log p(x), which has to pay for the class too."
        )
    return tuple(notes)
