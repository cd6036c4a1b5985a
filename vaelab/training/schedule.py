"""Learning rate and beta as functions of the step."""

from __future__ import annotations

import math

from vaelab.training.config import TrainConfig


def learning_rate(config: TrainConfig, step: int, steps: int) -> float:
    """Linear rise over the warm-up, then half a cosine down to the final share."""
    warmup = round(config.warmup_fraction * steps)
    if step < warmup:
        return config.learning_rate * (step + 1) / warmup
    progress = (step - warmup) / max(1, steps - warmup)
    floor = config.final_learning_rate
    return config.learning_rate * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


def beta(config: TrainConfig, step: int, steps_per_epoch: int) -> float:
    """Linear rise from 0 over `kl_warmup_epochs`, then constant."""
    warmup = config.kl_warmup_epochs * steps_per_epoch
    return config.beta if warmup <= 0 else config.beta * min(1.0, step / warmup)
