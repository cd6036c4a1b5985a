"""The update that several processes make together, each with its part of every batch."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext

from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from vaelab.objectives import TrainingLoss
from vaelab.training.batches import Batch
from vaelab.training.noise import cut_draws
from vaelab.training.step import EagerUpdate
from vaelab.training.world import World

log = logging.getLogger(__name__)


class DistributedUpdate:
    """As `EagerUpdate` of the whole batch, to rounding, and with the same weights everywhere.

    Every process draws the noise of the whole batch and uses its part's, so that an image has
    the same noise whoever works on it. The gradients are added up while they are computed;
    clipping and AdamW come after that and are each process's own.

    Args:
        eager: the update of a single process, whose optimiser and generator are used.
        world: the processes; all of them make this object at the same moment.
    """

    def __init__(self, eager: EagerUpdate, world: World) -> None:
        if world.is_first:
            log.info("step not compiled: %d processes add up their gradients", world.size)
        self._eager, self._world = eager, world
        self._loss = DistributedDataParallel(_Loss(eager, world), forward_sync_buffers=False)

    def __call__(self, batch: Batch, learning_rate: float, beta: float) -> TrainingLoss:
        loss: TrainingLoss = self._loss(batch, beta)
        # the gradients' mean over the processes is what is made of them; their sum is wanted
        self._eager.descend(self._world.size * loss.loss, learning_rate)
        return loss


class _Loss(nn.Module):
    """The training loss of a part of a batch, as the module whose gradients are added up."""

    def __init__(self, eager: EagerUpdate, world: World) -> None:
        super().__init__()
        self.model = eager.objective.model
        self._objective, self._noise, self._world = eager.objective, eager.noise, world

    def forward(self, batch: Batch, beta: float) -> TrainingLoss:
        size = len(batch.x)
        if not size:
            batch = _stand_in(batch)
        classes = self._objective.class_weights(batch.y)

        def mean(values: Tensor) -> Tensor:
            return self._world.mean(values[:size], batch.n)

        with shared_noise(self._world, batch):
            loss = self._objective(batch.x, classes, self._noise, beta, mean)
        rates = None if loss.rate is None else loss.rate[:size]
        return TrainingLoss(loss.loss, loss.distortion[:size], rates)


def _stand_in(batch: Batch) -> Batch:
    """A black image for a process without one, which has to add its zeros to the gradient.

    torch cannot differentiate every layer of no images at all.
    """
    x = batch.x.new_zeros(1, *batch.x.shape[1:])
    return Batch(x, None if batch.y is None else batch.y.new_zeros(1), batch.n)


def shared_noise(world: World, batch: Batch) -> AbstractContextManager[None]:
    """Inside, what is drawn for a part of a batch is what the whole batch would have had there."""
    if world.is_alone:
        return nullcontext()
    first = world.part(batch.n).start
    return cut_draws(slice(first, first + len(batch.x)), batch.n)
