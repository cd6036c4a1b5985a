"""How long a run will take, from a few timed steps on made-up images."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from vaelab.data.dataset import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training.config import TrainConfig
from vaelab.training.loop import Trainer


def estimate_seconds(
    model: ModelConfig, train: TrainConfig, n_images: int, *, budget_seconds: float = 1.0
) -> float:
    """Estimated seconds of all epochs over `n_images`, timed with this process's threads.

    Args:
        model: the network to time.
        train: batch size, epochs and precision.
        n_images: size of the training split.
        budget_seconds: about how long the timing itself may take.
    """
    batch = min(train.batch_size, n_images)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (batch, *model.image_shape), dtype=np.uint8)
    classes = tuple(map(str, range(model.n_classes)))
    labels = np.zeros(batch, np.int64) if classes else None
    dataset = ImageDataset("timing", images, labels, classes)
    # compiling is the worker's alone: it changes global state, and the pages have threads
    timed = replace(train, batch_size=batch, compile="off")
    trainer = Trainer(build_model(model), dataset, dataset, timed)
    (whole,) = trainer.train.in_order(batch)
    trainer.step(whole, 0)  # the first step allocates
    started, steps = time.monotonic(), 0
    while steps < 2 or time.monotonic() - started < budget_seconds:
        trainer.step(whole, 0)
        steps += 1
    per_image = (time.monotonic() - started) / (steps * batch)
    return per_image * n_images * train.epochs
