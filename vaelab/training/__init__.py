"""Training: AdamW on the objective, from images on the device, as a generator of events."""

from __future__ import annotations

from vaelab.training.config import TrainConfig
from vaelab.training.estimate import estimate_seconds
from vaelab.training.events import EpochEnd, Metrics, NonFiniteLossError, StepProgress
from vaelab.training.loop import fit

__all__ = [
    "EpochEnd",
    "Metrics",
    "NonFiniteLossError",
    "StepProgress",
    "TrainConfig",
    "estimate_seconds",
    "fit",
]
