"""Training: AdamW on the objective, from images on the device, as a generator of events."""

from __future__ import annotations

from vaelab.training.config import TrainConfig
from vaelab.training.estimate import (
    Estimate,
    TimedStep,
    estimate_run,
    time_step,
)
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
    "Estimate",
    "Metrics",
    "NonFiniteLossError",
    "Place",
    "RangeTest",
    "RolledBack",
    "StepProgress",
    "TimedStep",
    "TrainConfig",
    "Trainer",
    "TrainingState",
    "capture",
    "estimate_run",
    "fit",
    "range_test",
    "time_step",
]
