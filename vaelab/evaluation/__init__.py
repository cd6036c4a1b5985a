"""What a model is worth, in numbers that carry their meaning and their provenance."""

from __future__ import annotations

from vaelab.evaluation.definitions import DEFINITIONS, Definition
from vaelab.evaluation.evaluate import evaluate
from vaelab.evaluation.report import Figure, Report

__all__ = ["DEFINITIONS", "Definition", "Figure", "Report", "evaluate"]
