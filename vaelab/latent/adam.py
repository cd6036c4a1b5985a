"""Adam on a few tensors of our own, without touching a model's parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

BETAS = (0.9, 0.99)
EPSILON = 1e-8


class Adam:
    """Kingma & Ba 2015, algorithm 1, with a rate that falls to 0 along half a cosine.

    torch's own would import its compiler, which is not for a server's threads.

    Args:
        values: what is optimised; every number has a step of its own, so rows do not mix.
        rate: of the first step, in the values' units.
        n_steps: in all.

    Attributes:
        values: as they are now.
    """

    def __init__(self, values: Sequence[Tensor], rate: float, n_steps: int) -> None:
        self.values, self.rate, self.n_steps = list(values), rate, n_steps
        self._first = [torch.zeros_like(value) for value in values]
        self._second = [torch.zeros_like(value) for value in values]
        self._done = 0

    def descend(self, gradients: Sequence[Tensor]) -> None:
        """One step against the gradients, which are shaped as the values."""
        rate = self.rate * 0.5 * (1 + math.cos(math.pi * self._done / self.n_steps))
        self._done += 1
        one, two = (1 - beta**self._done for beta in BETAS)
        for i, gradient in enumerate(gradients):
            self._first[i] = BETAS[0] * self._first[i] + (1 - BETAS[0]) * gradient
            self._second[i] = BETAS[1] * self._second[i] + (1 - BETAS[1]) * gradient.square()
            scale = (self._second[i] / two).sqrt() + EPSILON
            self.values[i] = self.values[i] - rate * (self._first[i] / one) / scale
