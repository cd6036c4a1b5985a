"""What a model is worth, in numbers that carry their meaning and their provenance."""

from __future__ import annotations

from vaelab.evaluation.definitions import BY_SECTION, DEFINITIONS, Definition
from vaelab.evaluation.evaluate import evaluate
from vaelab.evaluation.report import Figure, Report
from vaelab.evaluation.sections import SECTIONS
from vaelab.evaluation.settings import FULL, QUICK, EvaluationSettings
from vaelab.evaluation.subject import Around

__all__ = [
    "BY_SECTION",
    "DEFINITIONS",
    "FULL",
    "QUICK",
    "SECTIONS",
    "Around",
    "Definition",
    "EvaluationSettings",
    "Figure",
    "Report",
    "evaluate",
]
