"""What a report holds beside its figures: tables, values of single images, how it was made."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.report_checks import (
    require_integer,
    require_keys,
    require_number,
    require_texts,
)


@dataclass(frozen=True)
class Table:
    """Numbers by row and column, such as a confusion matrix.

    Attributes:
        key: stable name for programs.
        name: for people.
        unit: of the numbers.
        definition: one or two sentences.
        rows, columns: their names.
        numbers: one tuple a row.
    """

    key: str
    name: str
    unit: str
    definition: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        shape = (len(self.rows), len(self.columns))
        if len(self.numbers) != shape[0] or any(len(row) != shape[1] for row in self.numbers):
            raise ValueError(f"a table's numbers must be of shape {shape}.")
        for row in self.numbers:
            for number in row:
                require_number("a table's number", number)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Table:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown, missing or invalid field.
        """
        require_keys("table", values, {f.name for f in fields(cls)})
        for name in ("key", "name", "unit", "definition"):
            require_texts(name, [values[name]])
        rows, columns = (require_texts(name, values[name]) for name in ("rows", "columns"))
        numbers = values["numbers"]
        lists = isinstance(numbers, list | tuple) and all(
            isinstance(r, list | tuple) for r in numbers
        )
        if not lists:
            raise ValueError("a table's numbers must be a list of lists.")
        found = {"rows": rows, "columns": columns, "numbers": tuple(map(tuple, numbers))}
        return cls(**{**values, **found})


@dataclass(frozen=True)
class ImageValues:
    """One number an image, in the images' order.

    Attributes:
        key: of the figure that is their mean, or a name of its own.
        split: which images.
        n_split: images of the whole split, over which these are evenly spaced.
        float32: the values, little endian, in base64.
    """

    key: str
    split: str
    n_split: int
    float32: str

    @classmethod
    def of(cls, key: str, split: str, n_split: int, values: npt.NDArray[np.float64]) -> ImageValues:
        return cls(key, split, n_split, base64.b64encode(values.astype("<f4").tobytes()).decode())

    @property
    def array(self) -> npt.NDArray[np.float64]:
        """(N,)."""
        return np.frombuffer(base64.b64decode(self.float32), "<f4").astype(np.float64)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ImageValues:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown, missing or invalid field.
        """
        require_keys("set of values", values, {f.name for f in fields(cls)})
        for name in ("key", "split", "float32"):
            require_texts(name, [values[name]])
        require_integer("n_split", values["n_split"])
        try:
            size = len(base64.b64decode(values["float32"], validate=True))
        except binascii.Error as error:
            raise ValueError(f"float32 must be base64: {error}.") from error
        if size % 4:
            raise ValueError(f"float32 must hold whole numbers of 4 bytes, got {size} bytes.")
        return cls(**values)


@dataclass(frozen=True)
class SectionRecord:
    """A part of the report, with all that its numbers depend on.

    Attributes:
        name: a key of `SECTIONS`.
        settings: numbers, texts and truth values by name: equal ones give equal figures.
        keys: of its figures, tables and values.
        notes: its part of the report's notes.
        seconds: that it took.
        created: ISO 8601 time, UTC.
    """

    name: str
    settings: tuple[tuple[str, str | int | float | bool | None], ...]
    keys: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float
    created: str

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "settings": dict(self.settings)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SectionRecord:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown, missing or invalid field.
        """
        require_keys("section", values, {f.name for f in fields(cls)})
        require_texts("name and created", [values["name"], values["created"]])
        require_number("seconds", values["seconds"])
        if not isinstance(values["settings"], Mapping):
            raise ValueError("a section's settings must be a mapping.")
        keys, notes = (require_texts(name, values[name]) for name in ("keys", "notes"))
        settings = tuple(values["settings"].items())
        return cls(**{**values, "settings": settings, "keys": keys, "notes": notes})
