"""How a model is trained: a frozen, validated, JSON-able description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from numbers import Integral, Real
from typing import Any

from vaelab.data.binarisation import require_binarisation
from vaelab.nearest import did_you_mean

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "float32", "bfloat16")
COMPILE = ("auto", "on", "off")


@dataclass(frozen=True)
class TrainConfig:
    """Settings of one training run.

    >>> TrainConfig(epochs=50, beta=0.5)

    Attributes:
        epochs: passes over the training images.
        batch_size: images a step.
        learning_rate: the highest of the schedule.
        warmup_fraction: share of all steps during which the rate rises linearly.
        final_learning_rate: at the end of the cosine, as a share of the highest.
        weight_decay: of AdamW.
        grad_clip: largest norm of the gradient of the mean loss (nats); 0 is off.
        beta: weight of the rate in the loss; reported ELBOs never carry it.
        kl_warmup_epochs: epochs in which beta rises linearly from 0.
        free_bits: nats of rate a dimension that cost nothing.
        iwae_samples: of the importance-weighted bound; 1 is the ELBO.
        patience: epochs without a better validation ELBO before the run ends; 0: never.
        binarisation: a key of BINARISATIONS; `dynamic` draws every batch anew.
        seed: of weights, order and noise.
        precision: `float32`, `bfloat16`, or `auto`: bfloat16 where the processor multiplies it
            natively.
        compile: `on`, `off`, or `auto`: where the run is long enough to gain by it.
        device: `cpu`, `cuda`, `mps`, or `auto`: the first there is of cuda, mps and cpu.
        threads: of the processor; 0: all cores.

    Raises:
        ValueError: naming the field, the value got and the values allowed.
    """

    epochs: int = 20
    batch_size: int = 128
    learning_rate: float = 3e-3
    warmup_fraction: float = 0.05
    final_learning_rate: float = 0.01
    weight_decay: float = 1e-4
    grad_clip: float = 100.0
    beta: float = 1.0
    kl_warmup_epochs: float = 0.0
    free_bits: float = 0.0
    iwae_samples: int = 1
    patience: int = 0
    binarisation: str = "none"
    seed: int = 0
    precision: str = "auto"
    compile: str = "auto"
    device: str = "auto"
    threads: int = 0

    def __post_init__(self) -> None:
        self._within("epochs", 1, 100_000)
        self._within("batch_size", 1, 65_536)
        self._within("learning_rate", 1e-8, 10.0)
        self._within("warmup_fraction", 0.0, 0.9)
        self._within("final_learning_rate", 0.0, 1.0)
        self._within("weight_decay", 0.0, 10.0)
        self._within("grad_clip", 0.0, 1e9)
        self._within("beta", 0.0, 1000.0)
        self._within("kl_warmup_epochs", 0.0, 100_000)
        self._within("free_bits", 0.0, 100.0)
        self._within("iwae_samples", 1, 1000)
        self._within("patience", 0, 100_000)
        self._within("seed", 0, 2**63 - 1)
        self._within("threads", 0, 1024)
        require_binarisation(self.binarisation)
        if self.precision not in PRECISIONS:
            raise ValueError(
                f"precision must be one of {', '.join(PRECISIONS)}, got {self.precision!r}."
            )
        if self.compile not in COMPILE:
            raise ValueError(f"compile must be one of {', '.join(COMPILE)}, got {self.compile!r}.")
        if self.device not in DEVICES:
            raise ValueError(f"device must be one of {', '.join(DEVICES)}, got {self.device!r}.")
        if self.iwae_samples > 1 and (self.beta != 1 or self.free_bits or self.kl_warmup_epochs):
            raise ValueError(
                f"iwae_samples must be 1 with beta, KL warm-up or free bits, got "
                f"{self.iwae_samples}: the importance-weighted bound has no separate rate."
            )

    def _within(self, name: str, low: float, high: float) -> None:
        value = getattr(self, name)
        whole = isinstance(getattr(type(self), name), int)  # as its default
        fits = isinstance(value, Integral if whole else Real) and not isinstance(value, bool)
        if not fits:
            kind = "whole number" if whole else "number"
            raise ValueError(f"{name} must be a {kind} in {low:g}..{high:g}, got {value!r}.")
        if not low <= value <= high:  # also refuses NaN
            raise ValueError(f"{name} must lie in {low:g}..{high:g}, got {value!r}.")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown key or an invalid value.
        """
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            near = did_you_mean(min(unknown), [f.name for f in fields(cls)])
            raise ValueError(f"unknown training settings: {', '.join(sorted(unknown))}.{near}")
        return cls(**values)
