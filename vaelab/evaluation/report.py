"""The report: numbers that carry what is needed to believe and to repeat them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

REPORT_VERSION = 1


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
        n_samples: latent samples an image; None where nothing is sampled.
        seed: of those samples; None where nothing is random.
        standard_error: sample standard deviation over images / sqrt(n_images); None for counts and
            for a single image.

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

    def __post_init__(self) -> None:
        for name in ("key", "name", "unit", "definition", "split"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be text, got {getattr(self, name)!r}.")
        _require_number("value", self.value)
        _require_integer("n_images", self.n_images)
        if self.standard_error is not None:
            _require_number("standard_error", self.standard_error)
        for name in ("n_samples", "seed"):
            if getattr(self, name) is not None:
                _require_integer(name, getattr(self, name))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Figure:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown, missing or invalid field.
        """
        _require_keys("figure", values, {f.name for f in fields(cls)})
        return cls(**values)


@dataclass(frozen=True)
class Report:
    """What was measured of one model on one split.

    Attributes:
        figures: in the order in which they are read.
        rate_per_dimension: (K,) mean rate, nats; empty for an autoencoder.
        notes: sentences that a reader of the numbers must know.
        created: ISO 8601 time, UTC.
    """

    figures: tuple[Figure, ...]
    rate_per_dimension: tuple[float, ...]
    notes: tuple[str, ...]
    created: str

    def __post_init__(self) -> None:
        keys = [figure.key for figure in self.figures]
        if len(set(keys)) < len(keys):
            raise ValueError(f"figures must have different keys, got {', '.join(keys)}.")
        for rate in self.rate_per_dimension:
            _require_number("rate_per_dimension", rate)
        if not isinstance(self.created, str) or not all(isinstance(n, str) for n in self.notes):
            raise ValueError("created and notes must be text.")

    def __getitem__(self, key: str) -> Figure:
        """The figure of that key; KeyError names those there are."""
        figure = self.get(key)
        if figure is None:
            there = ", ".join(f.key for f in self.figures)
            raise KeyError(f"no figure {key!r}; the report has {there}")
        return figure

    def __contains__(self, key: object) -> bool:
        return any(figure.key == key for figure in self.figures)

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
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Report:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for another version, or an unknown, missing or invalid field.
        """
        keys = {"version", "created", "figures", "rate_per_dimension", "notes"}
        _require_keys("report", values, keys)
        if values["version"] != REPORT_VERSION:
            raise ValueError(f"report version must be {REPORT_VERSION}, got {values['version']!r}.")
        for name in ("figures", "rate_per_dimension", "notes"):
            if not isinstance(values[name], list):
                raise ValueError(f"{name} must be a list, got {type(values[name]).__name__}.")
        return cls(
            figures=tuple(Figure.from_dict(figure) for figure in values["figures"]),
            rate_per_dimension=tuple(values["rate_per_dimension"]),
            notes=tuple(values["notes"]),
            created=values["created"],
        )


def _require_keys(what: str, values: Mapping[str, Any], allowed: set[str]) -> None:
    if not isinstance(values, Mapping):
        raise ValueError(f"a {what} must be a mapping, got {type(values).__name__}.")
    if unknown := set(values) - allowed:
        raise ValueError(f"unknown fields of a {what}: {', '.join(sorted(map(str, unknown)))}.")
    if missing := allowed - set(values):
        raise ValueError(f"missing fields of a {what}: {', '.join(sorted(missing))}.")


def _require_number(name: str, value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(float(value)):  # type: ignore[arg-type]
        raise ValueError(f"{name} must be a finite number, got {value!r}.")


def _require_integer(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, got {value!r}.")
