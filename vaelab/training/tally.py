"""What an epoch adds up, for the mean over its images."""

from __future__ import annotations

import torch

from vaelab.objectives import TrainingLoss
from vaelab.training.events import Metrics


class Tally:
    """Sums of per-image values on the device: the mean over images, ragged batches included."""

    def __init__(self, device: torch.device, *, has_rate: bool) -> None:
        self.sums = torch.zeros(3, device=device)  # float32 holds the sums of millions of nats
        self.n = 0
        self.has_rate = has_rate

    def add(self, loss: TrainingLoss) -> None:
        n = len(loss.distortion)
        rate = loss.distortion.new_zeros(()) if loss.rate is None else loss.rate.sum()
        self.sums += torch.stack((loss.loss * n, loss.distortion.sum(), rate)).detach()
        self.n += n

    def metrics(self) -> Metrics:
        loss, distortion, rate = (self.sums.double() / self.n).tolist()
        return Metrics(loss, distortion, rate if self.has_rate else None, self.n)
