"""What a section of the report is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vaelab.evaluation.findings import Findings
from vaelab.evaluation.subject import Subject


def always(subject: Subject) -> bool:
    """For sections that every model and data set has."""
    return True


@dataclass(frozen=True)
class Section:
    """A part of the report that is computed, kept and shown as a whole.

    Attributes:
        title: for a heading.
        measure: puts what it finds into the findings.
        uses: fields of `EvaluationSettings` that its numbers depend on.
        around: `train` and `other`, where its numbers depend on those images.
        cost: about how many images are decoded.
        applies: whether the model and data have it.
    """

    title: str
    measure: Callable[[Subject, Findings], None]
    uses: tuple[str, ...]
    cost: Callable[[Subject], int]
    around: tuple[str, ...] = ()
    applies: Callable[[Subject], bool] = always
