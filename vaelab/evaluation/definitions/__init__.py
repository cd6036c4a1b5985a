"""What each reported figure is called, its unit, and what it means."""

from __future__ import annotations

from vaelab.evaluation.definitions.bounds import BOUNDS
from vaelab.evaluation.definitions.codes import CODES, FACTORS, PROJECTION
from vaelab.evaluation.definitions.definition import Definition
from vaelab.evaluation.definitions.equations import EQUATIONS, equation_of
from vaelab.evaluation.definitions.likelihood import LIKELIHOOD
from vaelab.evaluation.definitions.pictures import RECONSTRUCTION, SAMPLES
from vaelab.evaluation.definitions.typicality import TYPICALITY

# By section, in the order in which they are computed and read.
BY_SECTION: dict[str, dict[str, Definition]] = {
    "bounds": BOUNDS,
    "likelihood": LIKELIHOOD,
    "typicality": TYPICALITY,
    "reconstruction": RECONSTRUCTION,
    "codes": CODES,
    "projection": PROJECTION,
    "samples": SAMPLES,
    "factors": FACTORS,
}

DEFINITIONS: dict[str, Definition] = {
    key: definition for section in BY_SECTION.values() for key, definition in section.items()
}


def section_of(key: str) -> str:
    """The section that a figure belongs to; empty for an unknown one."""
    return next((name for name, keys in BY_SECTION.items() if key in keys), "")


__all__ = [
    "BY_SECTION",
    "DEFINITIONS",
    "EQUATIONS",
    "Definition",
    "equation_of",
    "section_of",
]
