"""What is to be drawn: how many, of which classes, how hot, from which seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent.draw import HOTTEST
from vaelab.models import ModelConfig

FORMATS = {
    "png": "a zip of PNG files, in a folder for each class",
    "npz": "arrays: x uint8 (N, C, H, W), z float32 (N, K), labels int64 (N,)",
}
MOST_PICTURES = 100_000
MOST_BYTES = 2 * 2**30  # of pixels


@dataclass(frozen=True)
class SampleRequest:
    """Pictures to draw.

    Attributes:
        n: pictures, of each class where `per_class`; else in all, the classes in turn.
        per_class: only for a conditional model.
        temperature: of the prior's standard deviation, 0 to 3; below 1 truncates.
        seed: the same seed gives the same pictures.
        format: a key of FORMATS.

    Raises:
        ValueError: naming the field, the value got and the values allowed.
    """

    n: int
    per_class: bool = False
    temperature: float = 1.0
    seed: int = 0
    format: str = "png"

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST_PICTURES:
            raise ValueError(f"n must lie in 1..{MOST_PICTURES:,}, got {self.n:,}.")
        if not 0 <= self.temperature <= HOTTEST:
            raise ValueError(f"temperature must lie in 0..{HOTTEST:g}, got {self.temperature!r}.")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed must lie in 0..2^63 - 1, got {self.seed}.")
        if self.format not in FORMATS:
            raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {self.format!r}.")

    def total(self, config: ModelConfig) -> int:
        """Pictures in all.

        Raises:
            ValueError: if the model has no classes to draw of, or that is too many.
        """
        if self.per_class and not config.is_conditional:
            raise ValueError("per_class needs a model that takes a class; give n alone.")
        total = self.n * config.n_classes if self.per_class else self.n
        n_bytes = total * config.data_dim
        if total > MOST_PICTURES or n_bytes > MOST_BYTES:
            raise ValueError(
                f"{total:,} pictures of {config.data_dim:,} values are {n_bytes / 2**20:,.0f} MB; "
                f"at most {MOST_PICTURES:,} pictures and {MOST_BYTES // 2**20:,} MB are drawn."
            )
        return total

    def labels(self, config: ModelConfig) -> npt.NDArray[np.int64] | None:
        """(total,) classes; None for a model without."""
        total = self.total(config)
        if not config.is_conditional:
            return None
        if self.per_class:
            return np.repeat(np.arange(config.n_classes), self.n)
        return np.arange(total) % config.n_classes
