"""The training loop: pure, no disk, no process, no user interface."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import replace

import torch

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model
from vaelab.objectives import TrainingLoss
from vaelab.training import schedule
from vaelab.training.batches import Batch, DeviceImages
from vaelab.training.compiled import CompiledUpdate
from vaelab.training.compiling import choose_update
from vaelab.training.config import TrainConfig
from vaelab.training.device import choose_device, choose_precision
from vaelab.training.distributed import DistributedUpdate
from vaelab.training.events import (
    EpochEnd,
    Metrics,
    NonFiniteLossError,
    RolledBack,
    StepProgress,
)
from vaelab.training.state import Place, TrainingState, capture, restore
from vaelab.training.step import EagerUpdate, Objective, Update
from vaelab.training.tally import Tally
from vaelab.training.validation import validate
from vaelab.training.world import ALONE, World

PROGRESS_SECONDS = 0.25
MOST_ROLLBACKS = 1  # the second time that the loss explodes, the run fails


Event = StepProgress | EpochEnd | RolledBack


def fit(
    model: Model, train: ImageDataset, validation: ImageDataset, config: TrainConfig
) -> Iterator[Event]:
    """Train `model` in place, telling of progress; close the generator to stop.

    AdamW with linear warm-up and cosine decay; all randomness is from `config.seed`.

    Yields:
        StepProgress a few times a second, EpochEnd once an epoch, and RolledBack if the loss
        exploded for the first time.

    Raises:
        ValueError: if a split is empty or lacks labels that the model needs.
        NonFiniteLossError: the model then holds the weights of the last good epoch.
    """
    return Trainer(model, train, validation, config).run()


class Trainer:
    """One run of the loop; between two events it may be paused, see `vaelab.training.state`.

    Several processes that were given the same do it together, each with its part of a batch;
    their events come at the same steps, with the same numbers.

    Attributes:
        place: where the run stands.
        good: its state at the end of the last epoch, once it runs.
        best_weights: of the epoch with the highest validation ELBO, unless that is the last.
    """

    def __init__(
        self,
        model: Model,
        train: ImageDataset,
        validation: ImageDataset,
        config: TrainConfig,
        world: World = ALONE,
    ) -> None:
        for split in (train, validation):
            if not len(split):
                raise ValueError(f"the {split.split} split of {split.name} is empty.")
        if config.batch_size < world.size:
            raise ValueError(
                f"batch_size must be at least the number of processes ({world.size}), "
                f"got {config.batch_size}: it is what they do together in one step."
            )
        self.config, self.world = config, world
        self.device = choose_device(config.device)
        self.precision = choose_precision(config, self.device)
        self.model = model.to(self.device)
        if model.config.network == "conv":
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        conditional = model.config.is_conditional
        if config.binarisation != "none" and model.config.likelihood != "bernoulli":
            raise ValueError(
                f"binarisation must be none for the likelihood {model.config.likelihood}, "
                f"got {config.binarisation!r}: binary pixels have a Bernoulli."
            )
        self.pixels = torch.Generator(self.device).manual_seed(config.seed + 3)
        self.train = DeviceImages(
            train,
            self.device,
            with_labels=conditional,
            binarisation=config.binarisation,
            noise=self.pixels,
            world=world,
        )
        # drawn once, so that epochs compare
        self.validation = DeviceImages(
            validation,
            self.device,
            with_labels=conditional,
            binarisation=config.binarisation,
            world=world,
        )
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
        self.place = Place()
        self._begun_s, self._begun_step = 0.0, 0
        self.good: TrainingState | None = None
        self.best_weights: dict[str, torch.Tensor] = {}
        self.order_before = self.order.get_state()
        self.tally = self.new_tally()

    @property
    def is_compiled(self) -> bool:
        """Whether full batches go through the compiled step; known once the run has begun."""
        return isinstance(self.update, CompiledUpdate)

    def resume(self, good: TrainingState, now: TrainingState | None = None) -> None:
        """Go on from `now`, a step of the epoch after `good`, or from `good` itself.

        Raises:
            ValueError: if the states are another model's.
        """
        self.good = good
        restore(self, now or good)

    def run(self) -> Iterator[Event]:
        torch.set_flush_denormal(True)  # denormal weights slow the last epochs several times
        self.update = self._choose_update()
        self.good = self.good or capture(self)
        self._begun_s, self._begun_step = time.monotonic(), self._steps_done
        while self.place.epoch < self.config.epochs and not self.is_stuck:
            epoch, begun, skipped = self.place.epoch + 1, time.monotonic(), self.place.tallied
            try:
                yield from self._epoch(epoch)
                validation = self.evaluate()
                _require_finite(validation, epoch, self.steps_per_epoch)
            except NonFiniteLossError as error:
                yield self._roll_back(error)
                continue
            train = self.tally.metrics()
            self._complete(epoch, validation)
            yield EpochEnd(
                epoch,
                self.config.epochs,
                train,
                validation,
                images_per_second=(len(self.train) - skipped) / max(time.monotonic() - begun, 1e-9),
                eta_seconds=self._eta_seconds(),
            )

    def _choose_update(self) -> Update:
        if not self.world.is_alone:
            return DistributedUpdate(self.eager, self.world)
        example = self.train.example(self.config.batch_size)
        return choose_update(self.eager, example, self.steps)

    @property
    def is_stuck(self) -> bool:
        """Whether `patience` epochs have passed without a better one, the KL warm-up aside."""
        waited = self.place.epoch - max(self.place.best_epoch, self.config.kl_warmup_epochs)
        return self.config.patience > 0 and waited >= self.config.patience

    def new_tally(self) -> Tally:
        has_rate = not self.model.config.is_autoencoder
        return Tally(self.device, has_rate=has_rate, world=self.world)

    def _complete(self, epoch: int, validation: Metrics) -> None:
        """Note the end of an epoch, and whether it is the best so far.

        An epoch of the KL warm-up is never the best: its ELBO is that of another objective.
        """
        value = -validation.distortion if validation.elbo is None else validation.elbo
        warm = epoch > self.config.kl_warmup_epochs
        if warm and (self.place.best is None or value > self.place.best):
            self.place = replace(self.place, best_epoch=epoch, best=value)
            self.best_weights = {}
        elif self.config.patience and 0 < self.place.best_epoch == epoch - 1 and self.good:
            self.best_weights = self.good.part("model")
        self.place = replace(self.place, epoch=epoch, step=0, tallied=0)
        self.good = capture(self)

    def _roll_back(self, error: NonFiniteLossError) -> RolledBack:
        """Back to the last good epoch, with half the learning rate; the second time, fail."""
        assert self.good is not None
        restore(self, self.good)
        if self.place.rollbacks >= MOST_ROLLBACKS:
            raise error
        self.place = replace(self.place, rollbacks=self.place.rollbacks + 1)
        self.good = capture(self)
        return RolledBack(error.epoch, error.step, self.place.epoch, self.learning_rate_scale)

    @property
    def learning_rate_scale(self) -> float:
        """What is left of the configured learning rate after roll-backs."""
        return float(0.5**self.place.rollbacks)

    @property
    def _steps_done(self) -> int:
        return self.place.epoch * self.steps_per_epoch + self.place.step

    def _eta_seconds(self) -> float:
        done = self._steps_done - self._begun_step
        per_step = (time.monotonic() - self._begun_s) / max(1, done)
        return per_step * (self.steps - self._steps_done)

    def _epoch(self, epoch: int) -> Generator[StepProgress, None, None]:
        """The steps of one epoch from the one after `place`, added to the tally."""
        first, begun = self.place.step, time.monotonic()
        if not first:
            self.tally = self.new_tally()
        tally, skipped, told = self.tally, self.tally.n, begun
        self.order_before = self.order.get_state()
        batches = self.train.shuffled(self.config.batch_size, self.order, first)
        for step, batch in enumerate(batches, start=first + 1):
            tally.add(self.step(batch, (epoch - 1) * self.steps_per_epoch + step - 1), batch.n)
            now = time.monotonic()
            due = now - told >= PROGRESS_SECONDS or step == self.steps_per_epoch
            if not self.world.decided(due):
                continue
            _require_finite(tally.metrics(), epoch, step)
            self.place = replace(self.place, step=step, tallied=tally.n)
            yield StepProgress(
                epoch,
                self.config.epochs,
                self._steps_done,
                self.steps,
                images_per_second=(tally.n - skipped) / max(now - begun, 1e-9),
                eta_seconds=self._eta_seconds(),
            )
            told = time.monotonic()

    def step(self, batch: Batch, number: int) -> TrainingLoss:
        """One update; `number` counts from 0 over all epochs."""
        rate = schedule.learning_rate(self.config, number, self.steps) * self.learning_rate_scale
        beta = schedule.beta(self.config, number, self.steps_per_epoch)
        return self.update(batch, rate, beta)

    def evaluate(self) -> Metrics:
        """The numbers of the validation split; see `vaelab.training.validation`."""
        return validate(self.model, self.validation, self.config)


def _require_finite(metrics: Metrics, epoch: int, step: int) -> None:
    bad = tuple(n for n, value in metrics.to_dict().items() if not math.isfinite(value))
    if bad:
        raise NonFiniteLossError(epoch, step, bad)
