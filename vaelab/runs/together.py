"""What the processes of one run tell each other before they train, and how each gets its trainer.

The first one leads: it keeps the record, prints and writes. The others follow.
"""

from __future__ import annotations

import json
from dataclasses import replace

import torch

from vaelab.data import DataError, DatasetSplits
from vaelab.models import build_model
from vaelab.runs.config import RunConfig
from vaelab.training import Place, TrainConfig, Trainer, TrainingState
from vaelab.training.device import choose_device, choose_precision
from vaelab.training.world import World


def settled(config: TrainConfig, world: World) -> TrainConfig:
    """With the leader's device and precision, where they follow from the machine.

    Raises:
        ValueError: for a device that several processes cannot use.
    """
    if world.is_alone:
        return config
    device = choose_device(config.device)
    if device.type == "mps":
        if config.device == "mps":
            raise ValueError("device must be cpu or cuda for several processes, got 'mps'.")
        device = torch.device("cpu")
    precision = str(choose_precision(config, device)).removeprefix("torch.")
    return replace(config, device=device.type, precision=precision)


def shared_config(config: RunConfig, world: World) -> RunConfig:
    """The leader's settings, on the images that this process was shown."""
    if world.is_alone:
        return config
    train = settled(config.train, world) if world.is_first else config.train
    values = json.loads(world.text(json.dumps(replace(config, train=train).to_dict())))
    own = {"data": config.data.to_dict(), "data_dir": config.data_dir}
    return RunConfig.from_dict({**values, **own})


def require_same_images(splits: DatasetSplits, world: World) -> None:
    """Raise DataError where a follower has read other images than the leader."""
    if world.text(splits.fingerprint) != splits.fingerprint:
        raise DataError(
            f"the images of {splits.name} are others here than where the first process runs; "
            "every machine needs the same files."
        )


def make_trainer(config: RunConfig, splits: DatasetSplits, world: World) -> Trainer:
    """The trainer of a new run, the same in every process."""
    torch.manual_seed(config.train.seed)
    model = build_model(config.model_config(splits.image_shape, len(splits.class_names)))
    return Trainer(model, splits.train, splits.validation, config.train, world)


def resume_together(
    trainer: Trainer, good: TrainingState | None = None, now: TrainingState | None = None
) -> None:
    """Take all trainers to the leader's saved state, if it has one.

    Args:
        trainer: this process's.
        good: of the leader, the state at the end of an epoch; None for a new run.
        now: of the leader, a later one.
    """
    found = {"good": good, "now": now}
    places = {name: state.place.to_dict() for name, state in found.items() if state is not None}
    places = json.loads(trainer.world.text(json.dumps(places)))
    states: dict[str, TrainingState] = {}
    for name, place in places.items():
        state = found[name]
        tensors = trainer.world.tensors({} if state is None else state.tensors)
        states[name] = TrainingState(Place.from_dict(place), tensors)
    if "good" in states:
        trainer.resume(states["good"], states.get("now"))
