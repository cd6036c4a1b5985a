"""What the loop tells whoever drives it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Metrics:
    """Means over all images of a split, in nats per image.

    `rate` and `elbo` are None for an autoencoder. `loss` is what the optimiser saw (with beta,
    free bits and penalties); the others never carry a weight.
    """

    loss: float
    distortion: float
    rate: float | None
    n_images: int

    @property
    def elbo(self) -> float | None:
        return None if self.rate is None else -(self.distortion + self.rate)

    def to_dict(self) -> dict[str, float]:
        """The values that exist, by name."""
        values = {
            "loss": self.loss,
            "distortion": self.distortion,
            "rate": self.rate,
            "elbo": self.elbo,
        }
        return {name: value for name, value in values.items() if value is not None}

    def require_finite(self, epoch: int, step: int) -> None:
        """Raise NonFiniteLossError if a value is NaN or infinite in that step, both from 1."""
        bad = tuple(name for name, value in self.to_dict().items() if not math.isfinite(value))
        if bad:
            raise NonFiniteLossError(epoch, step, bad)


@dataclass(frozen=True)
class StepProgress:
    """How far a run is; sent a few times a second."""

    epoch: int  # from 1
    epochs: int
    step: int  # steps done of all epochs
    steps: int
    images_per_second: float
    eta_seconds: float

    @property
    def fraction(self) -> float:
        return self.step / self.steps


@dataclass(frozen=True)
class EpochEnd:
    """One epoch's numbers; the model holds its weights until the loop is resumed."""

    epoch: int  # from 1
    epochs: int
    train: Metrics
    validation: Metrics
    images_per_second: float
    eta_seconds: float


@dataclass(frozen=True)
class RolledBack:
    """The loss became NaN or infinite; the run goes on from its last good epoch.

    Attributes:
        epoch, step: where it happened, from 1; the step of that epoch.
        good_epoch: that the run went back to; 0 is its beginning.
        learning_rate_scale: what of the learning rate is used from here.
    """

    epoch: int
    step: int
    good_epoch: int
    learning_rate_scale: float


class NonFiniteLossError(ArithmeticError):
    """The loss became NaN or infinite once more; the model is back at its last good epoch.

    Attributes:
        epoch: in which it happened, from 1.
        step: of that epoch, from 1.
        terms: which means were not finite: loss, distortion, rate, elbo.
    """

    def __init__(self, epoch: int, step: int, terms: tuple[str, ...] = ("loss",)) -> None:
        super().__init__(
            f"the loss became NaN or infinite in epoch {epoch}, step {step}, {_where(terms)}, "
            "also with half the learning rate; a lower learning rate or a higher floor of the "
            "standard deviation usually helps."
        )
        self.epoch = epoch
        self.step = step
        self.terms = terms


def _where(terms: tuple[str, ...]) -> str:
    """Which network to suspect."""
    if "distortion" in terms and "rate" not in terms:
        return "in the distortion, so in the decoder"
    if "rate" in terms and "distortion" not in terms:
        return "in the rate, so in the encoder's variances"
    return "in all its terms" if "rate" in terms else "in its gradient or penalty"
