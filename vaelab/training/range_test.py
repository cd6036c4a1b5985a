"""The learning-rate range test (Smith 2017, arXiv:1506.01186): how high the rate may be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model
from vaelab.training.batches import Batch, DeviceImages
from vaelab.training.config import TrainConfig
from vaelab.training.device import choose_device, choose_precision
from vaelab.training.step import EagerUpdate, Objective

LOWEST, HIGHEST = 1e-5, 1.0
SMOOTHING = 0.9  # of the losses, which are those of single batches
EXPLODED = 2.0  # the test ends when the loss has risen by so much of what it had fallen
SAFETY = 10.0  # the rate of the lowest loss is at the edge; so much below it is safe


@dataclass(frozen=True)
class RangeTest:
    """What was seen.

    Attributes:
        rates: learning rates, rising exponentially.
        losses: smoothed training loss after a step with each, nats per image.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def suggestion(self) -> float | None:
        """The rate of the lowest loss divided by `SAFETY`, to two digits; None if none was."""
        if not self.losses:
            return None
        lowest = min(range(len(self.losses)), key=self.losses.__getitem__)
        return float(f"{self.rates[lowest] / SAFETY:.1e}")


def range_test(
    model: Model,
    train: ImageDataset,
    config: TrainConfig,
    *,
    steps: int = 150,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> RangeTest:
    """Train `model` for up to `steps` steps at ever higher rates; its weights are spoilt by it.

    Args:
        model: as it would be trained.
        train: the images.
        config: of the training; its learning rate and its schedules are left aside.
        steps: at most so many.
        progress: is told the fraction done after each step.

    Raises:
        ValueError: if `steps` is below 10 or the images are none.
    """
    if steps < 10:
        raise ValueError(f"steps must be at least 10, got {steps}.")
    if not len(train):
        raise ValueError(f"the {train.split} split of {train.name} is empty.")
    device = choose_device(config.device)
    model = model.to(device)
    data = DeviceImages(
        train,
        device,
        with_labels=model.config.is_conditional,
        binarisation=config.binarisation,
        noise=torch.Generator(device).manual_seed(config.seed + 3),
    )
    noise = torch.Generator(device).manual_seed(config.seed + 1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LOWEST, weight_decay=config.weight_decay)
    objective = Objective(model, config, choose_precision(config, device))
    update = EagerUpdate(objective, optimiser, noise)
    rates: list[float] = []
    losses: list[float] = []
    average = 0.0
    for i, batch in enumerate(itertools.islice(_endless(data, config), steps)):
        rate = LOWEST * (HIGHEST / LOWEST) ** (i / (steps - 1))
        seen = update(batch, rate, config.beta).loss
        average = SMOOTHING * average + (1 - SMOOTHING) * float(seen.detach())
        loss = average / (1 - SMOOTHING ** (i + 1))  # as Adam corrects its averages
        if not math.isfinite(loss):
            break
        rates.append(rate)
        losses.append(loss)
        progress((i + 1) / steps)
        if loss > min(losses) + EXPLODED * (losses[0] - min(losses)) + abs(losses[0]):
            break
    return RangeTest(tuple(rates), tuple(losses))


def _endless(data: DeviceImages, config: TrainConfig) -> Iterator[Batch]:
    order = torch.Generator().manual_seed(config.seed)
    while True:
        yield from data.shuffled(config.batch_size, order)
