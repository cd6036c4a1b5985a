"""Training: AdamW on the objective, from images on the device, as a generator of events."""

from __future__ import annotations

from vaelab.training.config import TrainConfig
from vaelab.training.estimate import estimate_seconds
from vaelab.training.events import (
    EpochEnd,
    Metrics,
    NonFiniteLossError,
    RolledBack,
    StepProgress,
)
from vaelab.training.loop import Trainer, fit
from vaelab.training.range_test import RangeTest, range_test
from vaelab.training.state import Place, TrainingState, capture

__all__ = [
    "EpochEnd",
    "Metrics",
    "NonFiniteLossError",
    "Place",
    "RangeTest",
    "RolledBack",
    "StepProgress",
    "TrainConfig",
    "Trainer",
    "TrainingState",
    "capture",
    "estimate_seconds",
    "fit",
    "range_test",
]
