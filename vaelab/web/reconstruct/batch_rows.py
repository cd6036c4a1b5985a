"""What the model says of several pictures, a row each: measured, and as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vaelab.evaluation.standing import Reference
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.class_posterior_view import frequencies, likelihoods_of, uniform
from vaelab.web.reconstruct.log_px_view import log_px_of
from vaelab.web.reconstruct.measure import ImageLogPx, ImageTerms
from vaelab.web.reconstruct.reconstruct_measures import best_class, terms
from vaelab.web.reconstruct.subject import Subject

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@dataclass(frozen=True)
class MostProbable:
    """The class of the highest p(c|x), that probability and its standard error."""

    name: str
    probability: float
    standard_error: float


@dataclass(frozen=True)
class Row:
    """One picture.

    Attributes:
        name: of the picture.
        label: the class that the model is told, the one of the highest ELBO; None without classes.
        told: that class's name.
        terms: of the ELBO.
        log_px: log p(x), log p(x|c) of a conditional model; None until it is asked for.
        percentile: of that among the report's images, 0..100; None without them.
        bayes: None until it is asked for.
    """

    name: str
    label: int | None
    told: str | None
    terms: ImageTerms
    log_px: ImageLogPx | None = None
    percentile: float | None = None
    bayes: MostProbable | None = None


Cell = str | float | None
# The columns of the table and of the file -> what stands in them, None where there is nothing.
COLUMNS: dict[str, Callable[[Row], Cell]] = {
    "name": lambda row: row.name,
    "told": lambda row: row.told,
    "elbo": lambda row: row.terms.elbo,
    "distortion": lambda row: row.terms.distortion,
    "rate": lambda row: row.terms.rate,
    "log_px": lambda row: None if row.log_px is None else row.log_px.log_px,
    "log_px_standard_error": lambda row: None if row.log_px is None else row.log_px.standard_error,
    "effective_samples": lambda row: None if row.log_px is None else row.log_px.effective_samples,
    "n_samples": lambda row: None if row.log_px is None else row.log_px.n_samples,
    "percentile": lambda row: row.percentile,
    "class": lambda row: None if row.bayes is None else row.bayes.name,
    "probability": lambda row: None if row.bayes is None else row.bayes.probability,
    "probability_standard_error": lambda row: (
        None if row.bayes is None else row.bayes.standard_error
    ),
}


def measured(
    opened: Opened,
    subjects: Sequence[Subject],
    reference: Reference | None,
    *,
    with_log_px: bool,
    with_classes: bool,
) -> Iterator[Row]:
    """A row a picture, one after another: each may take seconds, and is kept."""
    for subject in subjects:
        image = subject.image
        label = best_class(opened, image, subject.label) if opened.n_classes else None
        found = log_px_of(opened, image, label, reference) if with_log_px else None
        place = None
        if found is not None and reference is not None:
            place = reference.percentile(found.log_px)
        yield Row(
            subject.name.removesuffix(", as the model sees it"),
            label,
            None if label is None else opened.class_names[label],
            terms(opened, image, label),
            found,
            place,
            _most_probable(opened, subject) if with_classes else None,
        )


def _most_probable(opened: Opened, subject: Subject) -> MostProbable:
    counted = frequencies(opened)
    prior = uniform(opened) if counted is None else counted
    posterior = likelihoods_of(opened, subject.image).posterior(prior)
    best = int(posterior.best[0])
    return MostProbable(
        opened.class_names[best],
        float(posterior.probability[0, best]),
        float(posterior.standard_error[0, best]),
    )


def filled(rows: Sequence[Row]) -> dict[str, list[Cell]]:
    """The columns in which at least one row has something."""
    table = {name: [value(row) for row in rows] for name, value in COLUMNS.items()}
    return {name: cells for name, cells in table.items() if any(c is not None for c in cells)}


def csv_of(rows: Sequence[Row]) -> str:
    """The filled columns as CSV with a header; nats, percentiles 0..100, probabilities 0..1."""
    table = filled(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    for cells in zip(*table.values(), strict=True):
        writer.writerow([_plain(cell) for cell in cells])
    return text.getvalue()


def _plain(cell: Cell) -> Cell:
    """A file's name that a spreadsheet would run as a formula becomes text."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
