"""The report: numbers that carry what is needed to believe and to repeat them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from vaelab.evaluation.report_checks import require_integer, require_keys, require_number
from vaelab.evaluation.report_parts import ImageValues, SectionRecord, Table

REPORT_VERSION = 2
READABLE_VERSIONS = (1, 2)  # 1 had figures, rates and notes alone


@dataclass(frozen=True)
class Figure:
    """One number, with its meaning and its provenance.

    Attributes:
        key: stable name for programs.
        name: for people; says how pixels are scored where that matters.
        value: finite.
        unit: of value and standard_error.
        definition: one or two sentences.
        split: which images: `test`, `validation`, ...
        n_images: number of images it is a mean over.
        n_samples: latent samples an image, or all samples drawn where samples themselves are
            judged; None where nothing is sampled.
        seed: of those samples; None where nothing is random.
        standard_error: sample standard deviation over images / sqrt(n_images); None for counts and
            for a single image.
        interval_low, interval_high: 95% bootstrap interval, where there is no standard error.

    Raises:
        ValueError: if a field has the wrong type, or a number is not finite.
    """

    key: str
    name: str
    value: float
    unit: str
    definition: str
    split: str
    n_images: int
    n_samples: int | None = None
    seed: int | None = None
    standard_error: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None

    def __post_init__(self) -> None:
        for name in ("key", "name", "unit", "definition", "split"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be text, got {getattr(self, name)!r}.")
        require_number("value", self.value)
        require_integer("n_images", self.n_images)
        for name in ("standard_error", "interval_low", "interval_high"):
            if getattr(self, name) is not None:
                require_number(name, getattr(self, name))
        for name in ("n_samples", "seed"):
            if getattr(self, name) is not None:
                require_integer(name, getattr(self, name))

    def __str__(self) -> str:
        """`elbo  -28.72 ± 0.26 nats per image`, or with its interval."""
        said = f"{self.key}  {self.value:.4g}"
        if self.standard_error is not None:
            said += f" ± {self.standard_error:.2g}"
        elif self.interval_low is not None:
            said += f" (95%: {self.interval_low:.4g} to {self.interval_high:.4g})"
        return f"{said} {self.unit}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Figure:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown, missing or invalid field.
        """
        optional = {"interval_low", "interval_high"}
        require_keys("figure", values, {f.name for f in fields(cls)}, optional)
        return cls(**values)


@dataclass(frozen=True, repr=False)
class Report:
    """What was measured of one model on one split.

    Attributes:
        figures: in the order in which they are read.
        rate_per_dimension: (K,) mean rate, nats; empty for an autoencoder.
        notes: sentences that a reader of the numbers must know.
        created: ISO 8601 time, UTC.
        tables: what needs more than one number.
        values: of single images, for intervals of differences and for histograms.
        sections: what was computed with which settings, so that it need not be again.
    """

    figures: tuple[Figure, ...]
    rate_per_dimension: tuple[float, ...]
    notes: tuple[str, ...]
    created: str
    tables: tuple[Table, ...] = ()
    values: tuple[ImageValues, ...] = ()
    sections: tuple[SectionRecord, ...] = ()

    def __post_init__(self) -> None:
        keys = [figure.key for figure in self.figures]
        if len(set(keys)) < len(keys):
            raise ValueError(f"figures must have different keys, got {', '.join(keys)}.")
        for rate in self.rate_per_dimension:
            require_number("rate_per_dimension", rate)
        if not isinstance(self.created, str) or not all(isinstance(n, str) for n in self.notes):
            raise ValueError("created and notes must be text.")

    def __repr__(self) -> str:
        """One figure a line; `report["elbo"]` gives all that is known of one."""
        return "\n".join(("Report:", *(f"  {figure}" for figure in self.figures), *self.notes))

    def __getitem__(self, key: str) -> Figure:
        """The figure of that key; KeyError names those there are."""
        figure = self.get(key)
        if figure is None:
            there = ", ".join(f.key for f in self.figures)
            raise KeyError(f"no figure {key!r}; the report has {there}")
        return figure

    def __contains__(self, key: object) -> bool:
        return any(figure.key == key for figure in self.figures)

    def table(self, key: str) -> Table | None:
        """The table of that key, or None."""
        return next((table for table in self.tables if table.key == key), None)

    def values_of(self, key: str) -> ImageValues | None:
        """Single images' values of that key, or None."""
        return next((values for values in self.values if values.key == key), None)

    def get(self, key: str) -> Figure | None:
        """The figure of that key, or None."""
        return next((figure for figure in self.figures if figure.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able description, with its format's version."""
        return {
            "version": REPORT_VERSION,
            "created": self.created,
            "figures": [figure.to_dict() for figure in self.figures],
            "rate_per_dimension": list(self.rate_per_dimension),
            "notes": list(self.notes),
            "tables": [table.to_dict() for table in self.tables],
            "values": [values.to_dict() for values in self.values],
            "sections": [section.to_dict() for section in self.sections],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Report:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for another version, or an unknown, missing or invalid field.
        """
        keys = {"version", "created", "figures", "rate_per_dimension", "notes"}
        lists = {"tables", "values", "sections"}
        require_keys("report", values, keys | lists, lists)
        if values["version"] not in READABLE_VERSIONS:
            readable = " or ".join(map(str, READABLE_VERSIONS))
            raise ValueError(f"report version must be {readable}, got {values['version']!r}.")
        for name in ("figures", "rate_per_dimension", "notes", *lists & set(values)):
            if not isinstance(values[name], list):
                raise ValueError(f"{name} must be a list, got {type(values[name]).__name__}.")
        return cls(
            figures=tuple(Figure.from_dict(figure) for figure in values["figures"]),
            rate_per_dimension=tuple(values["rate_per_dimension"]),
            notes=tuple(values["notes"]),
            created=values["created"],
            tables=tuple(Table.from_dict(table) for table in values.get("tables", ())),
            values=tuple(ImageValues.from_dict(v) for v in values.get("values", ())),
            sections=tuple(SectionRecord.from_dict(s) for s in values.get("sections", ())),
        )
