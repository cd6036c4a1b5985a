"""The training loop: pure, no disk, no process, no user interface."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator

import torch

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model
from vaelab.objectives import TrainingLoss, distortion, elbo_terms
from vaelab.training import schedule
from vaelab.training.batches import Batch, DeviceImages
from vaelab.training.compiling import choose_update
from vaelab.training.config import TrainConfig
from vaelab.training.device import choose_device, choose_precision
from vaelab.training.events import EpochEnd, Metrics, NonFiniteLossError, StepProgress
from vaelab.training.step import EagerUpdate, Objective, Update

PROGRESS_SECONDS = 0.25
EVALUATION_BATCH = 512


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


def fit(
    model: Model, train: ImageDataset, validation: ImageDataset, config: TrainConfig
) -> Iterator[StepProgress | EpochEnd]:
    """Train `model` in place, telling of progress; close the generator to stop.

    AdamW with linear warm-up and cosine decay; all randomness is from `config.seed`.

    Yields:
        StepProgress a few times a second and EpochEnd once an epoch.

    Raises:
        ValueError: if a split is empty or lacks labels that the model needs.
        NonFiniteLossError: the model then holds the weights of the last good epoch.
    """
    return Trainer(model, train, validation, config).run()


class Trainer:
    """The state of one run of the loop."""

    def __init__(
        self, model: Model, train: ImageDataset, validation: ImageDataset, config: TrainConfig
    ) -> None:
        for split in (train, validation):
            if not len(split):
                raise ValueError(f"the {split.split} split of {split.name} is empty.")
        self.config = config
        self.device = choose_device(config.device)
        self.precision = choose_precision(config, self.device)
        self.model = model.to(self.device)
        if model.config.network == "conv":
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        conditional = model.config.is_conditional
        self.train = DeviceImages(train, self.device, with_labels=conditional)
        self.validation = DeviceImages(validation, self.device, with_labels=conditional)
        self.steps_per_epoch = -(-len(train) // config.batch_size)
        self.steps = config.epochs * self.steps_per_epoch
        self.order = torch.Generator().manual_seed(config.seed)
        self.noise = torch.Generator(self.device).manual_seed(config.seed + 1)
        self.optimiser = torch.optim.AdamW(
            model.parameters(),
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            fused=self.device.type in ("cpu", "cuda"),
        )
        objective = Objective(model, config, self.precision)
        self.eager = EagerUpdate(objective, self.optimiser, self.noise)
        self.update: Update = self.eager

    @property
    def is_compiled(self) -> bool:
        """Whether full batches go through the compiled step; known once the run has begun."""
        return self.update is not self.eager

    def run(self) -> Iterator[StepProgress | EpochEnd]:
        torch.set_flush_denormal(True)  # denormal weights slow the last epochs several times
        self.update = choose_update(self.eager, self._full_batch(), self.steps)
        good = self._snapshot()
        started = time.monotonic()
        for epoch in range(1, self.config.epochs + 1):
            begun = time.monotonic()
            try:
                tally = yield from self._epoch(epoch, started)
                validation = self.evaluate()
                _require_finite(validation, epoch, self.steps_per_epoch)
            except NonFiniteLossError:
                self.model.load_state_dict(good)
                raise
            good = self._snapshot()
            seconds = time.monotonic() - started
            yield EpochEnd(
                epoch,
                self.config.epochs,
                tally.metrics(),
                validation,
                images_per_second=len(self.train) / max(time.monotonic() - begun, 1e-9),
                eta_seconds=seconds / epoch * (self.config.epochs - epoch),
            )

    def _epoch(self, epoch: int, started: float) -> Generator[StepProgress, None, Tally]:
        tally = Tally(self.device, has_rate=not self.model.config.is_autoencoder)
        done = (epoch - 1) * self.steps_per_epoch
        begun = told = time.monotonic()
        batches = self.train.shuffled(self.config.batch_size, self.order)
        for step, batch in enumerate(batches, start=1):
            tally.add(self.step(batch, done + step - 1))
            now = time.monotonic()
            if now - told < PROGRESS_SECONDS and step != self.steps_per_epoch:
                continue
            _require_finite(tally.metrics(), epoch, step)
            yield StepProgress(
                epoch,
                self.config.epochs,
                done + step,
                self.steps,
                images_per_second=tally.n / max(now - begun, 1e-9),
                eta_seconds=(now - started) / (done + step) * (self.steps - done - step),
            )
            told = time.monotonic()
        return tally

    def step(self, batch: Batch, number: int) -> TrainingLoss:
        """One update; `number` counts from 0 over all epochs."""
        rate = schedule.learning_rate(self.config, number, self.steps)
        beta = schedule.beta(self.config, number, self.steps_per_epoch)
        return self.update(batch, rate, beta)

    def _full_batch(self) -> Batch:
        """The first images, as many as a step takes."""
        return next(self.train.in_order(self.config.batch_size))

    def evaluate(self) -> Metrics:
        """The validation split in float32, with the same noise at every epoch.

        An autoencoder sees clean images here: its noise and penalties belong to training.
        """
        tally = Tally(self.device, has_rate=not self.model.config.is_autoencoder)
        noise = torch.Generator(self.device).manual_seed(self.config.seed + 2)
        with torch.no_grad():
            for batch in self.validation.in_order(EVALUATION_BATCH):
                tally.add(self._validation_loss(batch, noise))
        return tally.metrics()

    def _validation_loss(self, batch: Batch, noise: torch.Generator) -> TrainingLoss:
        if self.model.config.is_autoencoder:
            clean = distortion(self.model, batch.x, self.model.encode(batch.x).mean)
            return TrainingLoss(clean.mean(), clean, None)
        terms = elbo_terms(self.model, batch.x, batch.y, noise)
        weighted = terms.distortion + self.config.beta * terms.rate
        return TrainingLoss(weighted.mean(), terms.distortion, terms.rate)

    def _snapshot(self) -> dict[str, torch.Tensor]:
        return {name: value.detach().clone() for name, value in self.model.state_dict().items()}


def _require_finite(metrics: Metrics, epoch: int, step: int) -> None:
    if not all(map(math.isfinite, metrics.to_dict().values())):
        raise NonFiniteLossError(epoch, step)
