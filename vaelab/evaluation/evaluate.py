"""Measure a model on a split, section by section; what was measured before is taken over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.meter import Meter, Progress
from vaelab.evaluation.report import Figure, Report
from vaelab.evaluation.report_parts import ImageValues, SectionRecord, Table
from vaelab.evaluation.sections import SECTIONS, Section
from vaelab.evaluation.settings import FULL, EvaluationSettings
from vaelab.evaluation.subject import Around, Subject
from vaelab.models import Model

OnSection = Callable[[Report], None]  # told the report so far, whenever a section is done


@dataclass(frozen=True)
class _Part:
    """A section with all that it found."""

    record: SectionRecord
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    values: tuple[ImageValues, ...]
    rates: tuple[float, ...]


def evaluate(
    model: Model,
    test: ImageDataset,
    around: Around | None = None,
    *,
    settings: EvaluationSettings = FULL,
    earlier: Report | None = None,
    on_section: OnSection | None = None,
    progress: Progress | None = None,
) -> Report:
    """Every figure of `DEFINITIONS` that the model and its images have.

    Args:
        model: any family; a conditional one is given the labels, and log p(x) is log p(x|c).
        test: at least one image; its split is named in every figure.
        around: training images and another data set, which some sections need.
        settings: which sections, and on how many images and samples.
        earlier: a report of the same model and images. Its sections that were computed with equal
            settings are taken over, and so are those that `settings` does not ask for.
        on_section: is told the report so far after each section that was computed.
        progress: called with the fraction done and what is being done.

    Raises:
        ValueError: without images, for images of another shape than the model's, if pixels are to
            be binarised for another likelihood than the Bernoulli, or if a conditional model
            meets images without labels.
    """
    subject = Subject(model, test, around or Around(), settings)
    parts = _taken_over(earlier, subject)
    asked = {
        name: section
        for name, section in SECTIONS.items()
        if name in settings.sections and name not in parts and section.applies(subject)
    }
    parts |= _unasked(earlier, parts, asked)
    costs = {name: section.cost(subject) for name, section in asked.items()}
    meter, reached = Meter(progress, sum(costs.values())), 0
    for name, section in asked.items():
        parts[name] = _measure(name, section, subject, meter)
        reached += costs[name]
        meter.reach(reached, section.title)
        if on_section is not None:
            on_section(_assembled(parts))
    return _assembled(parts)


def _measure(name: str, section: Section, subject: Subject, meter: Meter) -> _Part:
    began = time.monotonic()
    found = Findings(subject, meter)
    section.measure(subject, found)
    keys = [item.key for items in (found.figures, found.tables, found.values) for item in items]
    record = SectionRecord(
        name,
        _settings_of(section, subject),
        tuple(dict.fromkeys(keys)),
        tuple(found.notes),
        round(time.monotonic() - began, 2),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return _Part(
        record, tuple(found.figures), tuple(found.tables), tuple(found.values), found.rates
    )


def _settings_of(
    section: Section, subject: Subject
) -> tuple[tuple[str, str | int | float | bool | None], ...]:
    """All that the section's numbers depend on, but for the model and the images themselves."""
    return (
        *((name, getattr(subject.settings, name)) for name in section.uses),
        ("split", subject.test.split),
        ("n_images", len(subject.test)),
        *((name, subject.around.describe(name)) for name in section.around),
    )


def _taken_over(earlier: Report | None, subject: Subject) -> dict[str, _Part]:
    """The sections asked for that are there, computed with equal settings."""
    parts: dict[str, _Part] = {}
    if earlier is None:
        return parts
    for record in earlier.sections:
        if record.name not in SECTIONS or record.name not in subject.settings.sections:
            continue
        if dict(record.settings) == dict(_settings_of(SECTIONS[record.name], subject)):
            parts[record.name] = _part_of(earlier, record)
    return parts


def _unasked(
    earlier: Report | None, parts: dict[str, _Part], asked: dict[str, Section]
) -> dict[str, _Part]:
    """The earlier report's other sections."""
    if earlier is None:
        return {}
    return {
        record.name: _part_of(earlier, record)
        for record in earlier.sections
        if record.name not in parts and record.name not in asked and record.name in SECTIONS
    }


def _part_of(report: Report, record: SectionRecord) -> _Part:
    return _Part(
        record,
        tuple(figure for figure in report.figures if figure.key in record.keys),
        tuple(table for table in report.tables if table.key in record.keys),
        tuple(values for values in report.values if values.key in record.keys),
        report.rate_per_dimension if record.name == "bounds" else (),
    )


def _assembled(parts: dict[str, _Part]) -> Report:
    ordered = [parts[name] for name in SECTIONS if name in parts]
    return Report(
        figures=tuple(figure for part in ordered for figure in part.figures),
        rate_per_dimension=next((part.rates for part in ordered if part.rates), ()),
        notes=tuple(note for part in ordered for note in part.record.notes),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        tables=tuple(table for part in ordered for table in part.tables),
        values=tuple(values for part in ordered for values in part.values),
        sections=tuple(part.record for part in ordered),
    )
