"""Flags made from the fields of the settings' dataclasses, so that the two cannot disagree."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any

METAVARS = {int: "N", float: "X", str: "TEXT"}


@dataclass(frozen=True)
class Option:
    """How a field appears on the command line.

    Attributes:
        help: one line; the default is added to it.
        choices: values allowed, where they are few.
        default: what happens without the flag, where the field's default does not say it.
    """

    help: str
    choices: Iterable[str] | None = None
    default: str | None = None


def add_options(
    group: argparse._ArgumentGroup, settings: type, options: Mapping[str, Option]
) -> None:
    """One flag a field of `options`; a flag that is not given leaves no attribute behind."""
    by_name = {field.name: field for field in fields(settings)}
    for name, option in options.items():
        field = by_name[name]
        group.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            type=_type_of(field),
            choices=None if option.choices is None else list(option.choices),
            metavar=None if option.choices else METAVARS[_type_of(field)],
            default=argparse.SUPPRESS,
            help=f"{option.help} (default: {option.default or _default_of(field)})",
        )


def given(parsed: argparse.Namespace, options: Mapping[str, Option]) -> dict[str, Any]:
    """The values of those of `options` that were given."""
    return {name: getattr(parsed, name) for name in options if hasattr(parsed, name)}


def _type_of(field: Field[Any]) -> type:
    text = str(field.type)
    for kind in (int, float):
        if text.startswith(kind.__name__):
            return kind
    return str


def _default_of(field: Field[Any]) -> str:
    default = field.default
    return f"{default:g}" if isinstance(default, float) else str(default)
