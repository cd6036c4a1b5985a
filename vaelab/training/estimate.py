"""How long a run will take, from a few timed steps on made-up images."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from vaelab.data.dataset import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.training.compiling import COMPILE_SECONDS, SAVED, decide_for, eager_seconds
from vaelab.training.config import TrainConfig
from vaelab.training.loop import Trainer


@dataclass(frozen=True)
class TimedStep:
    """An eager step of a batch.

    Attributes:
        seconds: as it was timed here.
        expected: seconds by `eager_seconds`, which decide whether the step will be compiled.
        batch: images of the step.
        device: its type, such as `cpu`.
        network: the model's, such as `mlp`.
    """

    seconds: float
    expected: float
    batch: int
    device: str
    network: str


@dataclass(frozen=True)
class Estimate:
    """What a run will cost.

    Attributes:
        seconds: in all.
        compiling: those of them in which the step is compiled; 0 where it is not.
        reason: why it is or is not, in a few words.
    """

    seconds: float
    compiling: float
    reason: str


def time_step(
    model: ModelConfig, train: TrainConfig, n_images: int, *, budget_seconds: float = 1.0
) -> TimedStep:
    """Time an eager step with this process's threads.

    Args:
        model: the network to time.
        train: batch size, samples and precision.
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
    seconds = (time.monotonic() - started) / steps
    expected = eager_seconds(trainer.eager.objective, whole)
    return TimedStep(seconds, expected, batch, trainer.device.type, trainer.model.config.network)


def estimate_run(step: TimedStep, train: TrainConfig, n_images: int) -> Estimate:
    """What all epochs over `n_images` cost, the step being compiled or not as the run will do."""
    n_steps = train.epochs * -(-n_images // train.batch_size)
    decision = decide_for(train.compile, step.device, step.network, step.expected * n_steps)
    eager = step.seconds / step.batch * n_images * train.epochs
    if not decision.compile:
        return Estimate(eager, 0.0, decision.reason)
    gain = SAVED if step.device == "cuda" or step.network == "mlp" else 0.0
    return Estimate(COMPILE_SECONDS + (1 - gain) * eager, COMPILE_SECONDS, decision.reason)
