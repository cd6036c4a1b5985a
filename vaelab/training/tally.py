"""What an epoch adds up, for the mean over its images."""

from __future__ import annotations

import torch

from vaelab.objectives import TrainingLoss
from vaelab.training.events import Metrics
from vaelab.training.world import ALONE, World


class Tally:
    """Sums of per-image values on the device: the mean over images, ragged batches included.

    Attributes:
        sums: of this process's images since `metrics` was asked; the first one's hold those of
            all processes before that.
        n: images of all processes.
    """

    def __init__(self, device: torch.device, *, has_rate: bool, world: World = ALONE) -> None:
        self.sums = torch.zeros(3, device=device)  # float32 holds the sums of millions of nats
        self.n = 0
        self.has_rate, self.world = has_rate, world

    def add(self, loss: TrainingLoss, n_images: int) -> None:
        """The loss of a batch of `n_images`, and the terms of those that are this process's."""
        n = len(loss.distortion)
        rate = loss.distortion.new_zeros(()) if loss.rate is None else loss.rate.sum()
        self.sums += torch.stack((loss.loss * n, loss.distortion.sum(), rate)).detach()
        self.n += n_images

    def metrics(self) -> Metrics:
        """The means over the images of all processes, which ask at the same moment."""
        total = self.world.total(self.sums)
        self.sums = total if self.world.is_first else torch.zeros_like(total)
        loss, distortion, rate = (total.double() / self.n).tolist()
        return Metrics(loss, distortion, rate if self.has_rate else None, self.n)
