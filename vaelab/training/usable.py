"""What a run refuses before it begins."""

from __future__ import annotations

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model
from vaelab.training.config import TrainConfig
from vaelab.training.world import World


def require_usable(
    model: Model, train: ImageDataset, validation: ImageDataset, config: TrainConfig, world: World
) -> None:
    """Raise ValueError where these cannot be trained together."""
    for split in (train, validation):
        if not len(split):
            raise ValueError(f"the {split.split} split of {split.name} is empty.")
    if config.batch_size < world.size:
        raise ValueError(
            f"batch_size must be at least the number of processes ({world.size}), "
            f"got {config.batch_size}: it is what they do together in one step."
        )
    if config.binarisation != "none" and model.config.likelihood != "bernoulli":
        raise ValueError(
            f"binarisation must be none for the likelihood {model.config.likelihood}, "
            f"got {config.binarisation!r}: binary pixels have a Bernoulli."
        )
