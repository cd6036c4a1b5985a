"""The numbers of the validation split, of which every process measures its part."""

from __future__ import annotations

from functools import partial

import torch

from vaelab.models import Model
from vaelab.objectives import TrainingLoss, distortion, elbo_terms
from vaelab.training.batches import Batch, DeviceImages
from vaelab.training.config import TrainConfig
from vaelab.training.distributed import shared_noise
from vaelab.training.events import Metrics
from vaelab.training.tally import Tally
from vaelab.training.world import World

BATCH = 512


@torch.no_grad()
def validate(model: Model, images: DeviceImages, config: TrainConfig) -> Metrics:
    """Means over all images, in float32, with the same noise whenever it is asked.

    An autoencoder sees clean images here: its noise and penalties belong to training.
    """
    has_rate = not model.config.is_autoencoder
    tally = Tally(images.device, has_rate=has_rate, world=images.world)
    noise = torch.Generator(images.device).manual_seed(config.seed + 2)
    for batch in images.in_order(BATCH):
        with shared_noise(images.world, batch):
            tally.add(_loss(model, batch, noise, config.beta, images.world), batch.n)
    return tally.metrics()


def _loss(
    model: Model, batch: Batch, noise: torch.Generator, beta: float, world: World
) -> TrainingLoss:
    mean = partial(world.mean, n=batch.n)
    if model.config.is_autoencoder:
        clean = distortion(model, batch.x, model.encode(batch.x).mean)
        return TrainingLoss(mean(clean), clean, None)
    terms = elbo_terms(model, batch.x, batch.y, noise)
    weighted = terms.distortion + beta * terms.rate
    return TrainingLoss(mean(weighted), terms.distortion, terms.rate)
