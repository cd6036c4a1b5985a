"""Which epoch is the best so far, and when waiting for a better one ends."""

from __future__ import annotations

from dataclasses import replace

from vaelab.training.config import TrainConfig
from vaelab.training.events import Metrics
from vaelab.training.state import Place


def after_epoch(place: Place, epoch: int, validation: Metrics, config: TrainConfig) -> Place:
    """The place at the end of an epoch, which is the best one if none was as good.

    An epoch of the KL warm-up is never the best: its ELBO is that of another objective.
    """
    value = -validation.distortion if validation.elbo is None else validation.elbo
    warm = epoch > config.kl_warmup_epochs
    if warm and (place.best is None or value > place.best):
        place = replace(place, best_epoch=epoch, best=value)
    return replace(place, epoch=epoch, step=0, tallied=0)


def is_stuck(place: Place, config: TrainConfig) -> bool:
    """Whether `patience` epochs have passed without a better one, the KL warm-up aside."""
    waited = place.epoch - max(place.best_epoch, config.kl_warmup_epochs)
    return config.patience > 0 and waited >= config.patience
