"""What a browser asks of a map, read from the address; nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vaelab.latent.encode import SPLITS
from vaelab.web.map.columns import COLUMNS
from vaelab.web.map.point_values import VALUES
from vaelab.web.map.projections import MapRequest

MOST_POINTS = 1_000_000
DEFAULT_POINTS = 20_000


@dataclass(frozen=True)
class ColumnsQuery:
    """Parameters of a map's columns that do not change where its points lie.

    Attributes:
        value: a key of `VALUES`, or None.
        columns: some of `COLUMNS`.
        quality_now: whether the quality is measured before the answer, or left out unless known.
    """

    value: str | None
    columns: tuple[str, ...]
    quality_now: bool


def map_request(projection: str, query: Mapping[str, str]) -> MapRequest:
    """The map of `split`, `n` and `dims`.

    Raises:
        ValueError: naming the parameter, what was got and what is allowed.
    """
    split = query.get("split", "all")
    if split not in ("all", *SPLITS):
        raise ValueError(f"split must be one of all, {', '.join(SPLITS)}, got {split[:40]!r}.")
    n = whole_number("n", query.get("n", str(DEFAULT_POINTS)), 1, MOST_POINTS)
    parts = query.get("dims", "0,1").split(",")
    if len(parts) != 2:
        raise ValueError(f"dims must be two numbers such as 0,1, got {query['dims'][:40]!r}.")
    across, up = (whole_number("dims", part, 0, MOST_POINTS) for part in parts)
    return MapRequest(projection, (across, up), split, n)


def columns_query(query: Mapping[str, str]) -> ColumnsQuery:
    """The rest of the parameters of a map's columns.

    Raises:
        ValueError: naming the parameter, what was got and what is allowed.
    """
    value = query.get("value", "none")
    if value not in ("none", *VALUES):
        raise ValueError(f"value must be one of none, {', '.join(VALUES)}, got {value[:40]!r}.")
    columns = tuple(query.get("columns", ",".join(COLUMNS)).split(","))
    if len(set(columns)) < len(columns) or not set(columns) <= set(COLUMNS):
        raise ValueError(
            f"columns must be different ones of {', '.join(COLUMNS)}, got {columns[:5]!r}."
        )
    quality = query.get("quality", "now")
    if quality not in ("now", "later"):
        raise ValueError(f"quality must be now or later, got {quality[:40]!r}.")
    return ColumnsQuery(None if value == "none" else value, columns, quality == "now")


def whole_number(name: str, text: str, least: int, most: int) -> int:
    """A number in plain digits.

    Raises:
        ValueError: for anything else, or one that is out of range.
    """
    plain = text.isascii() and text.isdecimal() and len(text) <= 18
    if not plain or not least <= int(text) <= most:
        raise ValueError(
            f"{name} must be a whole number from {least} to {most:,}, got {text[:40]!r}."
        )
    return int(text)
