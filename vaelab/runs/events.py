"""What a run tells whoever drives it, and the line of each in its log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from vaelab.training import EpochEnd, RolledBack, StepProgress

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stage:
    """A run enters another part of its work."""

    name: str  # loading, compiling, training, saving, exporting, evaluating
    detail: str = ""


Event = Stage | StepProgress | EpochEnd | RolledBack


def log_event(event: Event) -> None:
    """One line a stage, an epoch and a roll-back, for the log file."""
    if isinstance(event, Stage):
        log.info("%s %s", event.name, event.detail)
    elif isinstance(event, RolledBack):
        log.warning(
            "the loss became NaN or infinite in epoch %d, step %d: back to the end of epoch %d, "
            "with %g of the learning rate",
            event.epoch,
            event.step,
            event.good_epoch,
            event.learning_rate_scale,
        )
    elif isinstance(event, EpochEnd):
        numbers = ", ".join(f"{k} {v:.2f}" for k, v in event.validation.to_dict().items())
        log.info(
            "epoch %d of %d: validation %s; %.0f images/s",
            event.epoch,
            event.epochs,
            numbers,
            event.images_per_second,
        )
