"""What is refused when a report is read: each fault is named."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Set
from typing import Any

LARGEST = sys.float_info.max


def require_keys(
    what: str, values: Mapping[str, Any], allowed: Set[str], optional: Set[str] = frozenset()
) -> None:
    """Raise ValueError unless `values` has all of `allowed` but the optional, and nothing else."""
    if not isinstance(values, Mapping):
        raise ValueError(f"a {what} must be a mapping, got {type(values).__name__}.")
    if unknown := set(values) - allowed:
        raise ValueError(f"unknown fields of a {what}: {', '.join(sorted(map(str, unknown)))}.")
    if missing := allowed - optional - set(values):
        raise ValueError(f"missing fields of a {what}: {', '.join(sorted(missing))}.")


def require_number(name: str, value: object) -> None:
    """Raise ValueError unless `value` is a finite number."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # compared, not converted: a whole number may be larger than any float
    if not number or not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
        raise ValueError(f"{name} must be a finite number, got {value!r}.")


def require_integer(name: str, value: object) -> None:
    """Raise ValueError unless `value` is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, got {value!r}.")


def require_texts(name: str, values: object) -> tuple[str, ...]:
    """`values` as a tuple of strings.

    Raises:
        ValueError: if it is not a list of strings.
    """
    if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{name} must be a list of text.")
    return tuple(values)
