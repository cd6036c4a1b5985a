"""The training loop: pure, no disk, no process, no user interface."""

from __future__ import annotations

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
from vaelab.training.compiling import choose_update, decide
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
from vaelab.training.pace import Pace
from vaelab.training.patience import after_epoch, is_stuck
from vaelab.training.state import Place, TrainingState, capture, restore
from vaelab.training.step import EagerUpdate, Objective, Update
from vaelab.training.tally import Tally
from vaelab.training.usable import require_usable
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
        require_usable(model, train, validation, config, world)
        self.config, self.world = config, world
        self.device = choose_device(config.device)
        self.precision = choose_precision(config, self.device)
        self.model = model.to(self.device)
        if model.config.network == "conv":
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        conditional = model.config.is_conditional
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
        self._is_prepared = False
        self.place = Place()
        self._pace = Pace()
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

    @property
    def will_compile(self) -> bool:
        """Whether `prepare` is going to compile the step, which takes from seconds to a minute."""
        example = self.train.example(self.config.batch_size)
        objective = self.eager.objective
        return self.world.is_alone and decide(objective, example, self.steps).compile

    def prepare(self) -> None:
        """Choose the step; `run` does it too. Broken off, it leaves a trainer of no more use."""
        if not self._is_prepared:
            self.update = self._choose_update()
            self._is_prepared = True

    def run(self) -> Iterator[Event]:
        torch.set_flush_denormal(True)  # denormal weights slow the last epochs several times
        self.prepare()
        self.good = self.good or capture(self)
        self._pace = Pace(self._steps_done)
        while self.place.epoch < self.config.epochs and not self.is_stuck:
            epoch, pace, skipped = self.place.epoch + 1, Pace(), self.place.tallied
            try:
                yield from self._epoch(epoch)
                validation = self.evaluate()
                validation.require_finite(epoch, self.steps_per_epoch)
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
                images_per_second=pace.images_per_second(len(self.train) - skipped),
                eta_seconds=self._pace.eta_seconds(self._steps_done, self.steps),
            )

    def _choose_update(self) -> Update:
        if not self.world.is_alone:
            return DistributedUpdate(self.eager, self.world)
        example = self.train.example(self.config.batch_size)
        return choose_update(self.eager, example, self.steps)

    @property
    def is_stuck(self) -> bool:
        """Whether the patience with epochs that are not better has ended."""
        return is_stuck(self.place, self.config)

    def new_tally(self) -> Tally:
        has_rate = not self.model.config.is_autoencoder
        return Tally(self.device, has_rate=has_rate, world=self.world)

    def _complete(self, epoch: int, validation: Metrics) -> None:
        """Note the end of an epoch, and keep the weights of the one before if that was better."""
        self.place = after_epoch(self.place, epoch, validation, self.config)
        if self.place.best_epoch == epoch:
            self.best_weights = {}
        elif self.config.patience and 0 < self.place.best_epoch == epoch - 1 and self.good:
            self.best_weights = self.good.part("model")
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

    def _epoch(self, epoch: int) -> Generator[StepProgress, None, None]:
        """The steps of one epoch from the one after `place`, added to the tally."""
        first, pace = self.place.step, Pace()
        if not first:
            self.tally = self.new_tally()
        tally, skipped, told = self.tally, self.tally.n, pace.begun
        self.order_before = self.order.get_state()
        batches = self.train.shuffled(self.config.batch_size, self.order, first)
        for step, batch in enumerate(batches, start=first + 1):
            tally.add(self.step(batch, (epoch - 1) * self.steps_per_epoch + step - 1), batch.n)
            now = time.monotonic()
            due = now - told >= PROGRESS_SECONDS or step == self.steps_per_epoch
            if not self.world.decided(due):
                continue
            tally.metrics().require_finite(epoch, step)
            self.place = replace(self.place, step=step, tallied=tally.n)
            yield StepProgress(
                epoch,
                self.config.epochs,
                self._steps_done,
                self.steps,
                images_per_second=pace.images_per_second(tally.n - skipped),
                eta_seconds=self._pace.eta_seconds(self._steps_done, self.steps),
            )
            told = time.monotonic()

    def step(self, batch: Batch, number: int) -> TrainingLoss:
        """One update; `number` counts from 0 over all epochs."""
        rate = schedule.learning_rate(self.config, number, self.steps) * self.learning_rate_scale
        beta = schedule.beta(self.config, number, self.steps_per_epoch)
        return self.update(batch, rate, beta)

    def evaluate(self) -> Metrics:
        """The numbers of the validation split; see `vaelab.training.validation`."""
        return validate(self.model, self.validation, self.config, self.precision)
