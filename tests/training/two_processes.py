"""Trainings that two processes do together and one alone: `python two_processes.py FOLDER`.

Each process leaves its results in FOLDER; the tests compare them.
"""

from __future__ import annotations

import math
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vaelab.data import ImageDataset
from vaelab.models import ModelConfig, build_model
from vaelab.runs.faults import PeerError
from vaelab.runs.peers import Peers, joined
from vaelab.runs.together import resume_together
from vaelab.training import (
    EpochEnd,
    Place,
    RolledBack,
    TrainConfig,
    Trainer,
    TrainingState,
    capture,
)
from vaelab.training import loop as loop_module
from vaelab.training.batches import Batch
from vaelab.training.world import ALONE, World

SAVED = (3, 9)  # events after which a state is kept: within the first, within the second epoch


@dataclass(frozen=True)
class Case:
    """A training of n images in batches of 16, the last one of each epoch ragged."""

    model: dict[str, Any] = field(default_factory=dict)
    train: dict[str, Any] = field(default_factory=dict)
    n: int = 55


CASES = {
    "vae": Case(train={"grad_clip": 0.5, "kl_warmup_epochs": 1.0, "beta": 2.0}),
    # at first between the two parts' rates of a dimension: below it in the one alone
    "free bits": Case(train={"free_bits": 0.3445}),
    "an image left": Case({"network": "conv", "width": 8}, {"free_bits": 0.3425}, n=33),
    "classes, pixels drawn anew": Case(
        {"n_classes": 2, "prior": "class_gaussian"}, {"binarisation": "dynamic"}
    ),
    "importance weights": Case(train={"iwae_samples": 3}),
    "masked": Case(
        {"family": "autoencoder", "regulariser": "denoise_masking", "regulariser_strength": 0.3}
    ),
    "contractive": Case(
        {"family": "autoencoder", "regulariser": "contractive", "regulariser_strength": 0.1}
    ),
}


def images(n: int, split: str) -> ImageDataset:
    rng = np.random.default_rng(n)
    pixels = rng.integers(0, 256, (n, 1, 8, 8), dtype=np.uint8)
    return ImageDataset("noise", pixels, rng.integers(0, 2, n), ("a", "b"), split)


def trainer(case: Case, world: World = ALONE) -> Trainer:
    """In float64, so that what differs is seen."""
    config = TrainConfig(
        **{"epochs": 2, "batch_size": 16, "precision": "float32", "compile": "off", **case.train}
    )
    model = build_model(ModelConfig(**{"latent_dim": 2, "width": 16, **case.model}))
    torch.manual_seed(0)
    with torch.no_grad():  # the same in every process, not what the caller's generator gives
        for parameter in model.parameters():
            parameter.copy_(0.2 * torch.randn(parameter.shape))
    made = Trainer(model, images(case.n, "train"), images(21, "validation"), config, world)
    made.model.double()
    for data in (made.train, made.validation):
        in_double(data)
    return made


def in_double(data: Any) -> None:
    single = data._batch

    def double(*arguments: Any, **settings: Any) -> Batch:
        batch = single(*arguments, **settings)
        return replace(batch, x=batch.x.double())

    data._batch = double


def result(made: Trainer, events: Iterator[object]) -> dict[str, Any]:
    """Weights, numbers of the epochs, and a state of a moment on the way; plain tensors."""
    numbers: list[list[float]] = []
    found: dict[str, Any] = {"rolled back": 0}
    for i, event in enumerate(events, start=1):
        if isinstance(event, EpochEnd):
            values = (*event.train.to_dict().values(), *event.validation.to_dict().values())
            numbers.append([*values, event.train.n_images, event.validation.n_images])
        found["rolled back"] += isinstance(event, RolledBack)
        if i in SAVED and made.world.is_first:
            assert made.good is not None
            found[f"good {i}"], found[f"now {i}"] = pack(made.good), pack(capture(made))
    found["weights"] = dict(made.model.state_dict())
    found["numbers"] = torch.tensor(numbers, dtype=torch.float64)
    found["place"] = made.place.to_dict()
    return found


def pack(state: TrainingState) -> dict[str, Any]:
    return {"place": state.place.to_dict(), "tensors": dict(state.tensors)}


def unpack(packed: dict[str, Any]) -> TrainingState:
    return TrainingState(Place.from_dict(packed["place"]), packed["tensors"])


def resumed(case: Case, saved: dict[str, Any] | None, moment: int, world: World) -> dict[str, Any]:
    """The rest of a run whose first part only the first process knows."""
    torch.manual_seed(7 + world.rank)
    made = trainer(case, world)
    states = (unpack(saved[f"{name} {moment}"]) for name in ("good", "now")) if saved else ()
    resume_together(made, *states)
    return result(made, made.run())


def spoilt(world: World) -> dict[str, Any]:
    """One process's images once become NaN: all go back together, and stop early together."""
    made = trainer(Case(train={"epochs": 30, "patience": 2, "learning_rate": 0.5}), world)
    step, calls = made.step, [0]

    def spoil(batch: Batch, number: int) -> Any:
        calls[0] += 1
        if calls[0] == 6 and world.rank == world.size - 1:
            batch = replace(batch, x=batch.x * math.nan)
        return step(batch, number)

    made.step = spoil  # type: ignore[method-assign]
    return result(made, made.run())


def main(folder: Path) -> None:
    loop_module.PROGRESS_SECONDS = 0.0
    with joined(os.environ) as peers:
        world = peers.world
        found = {name: whole(case, world) for name, case in CASES.items()}
        found["spoilt"] = spoilt(world)
        saved = torch.load(folder / "alone.pt", weights_only=True) if world.is_first else None
        for moment in SAVED:
            found[f"resumed {moment}"] = resumed(CASES["vae"], saved, moment, world)
        if world.rank:
            torch.save(found, folder / f"{world.rank}.pt")
            os.kill(os.getpid(), signal.SIGKILL)
        torch.save(found | {"end": last_words(peers)}, folder / f"{world.rank}.pt")


def last_words(peers: Peers) -> str:
    """What a process says that waits for one which was killed."""
    try:
        with peers.watched():
            peers.world.any(False)
    except PeerError as error:
        return str(error)
    return ""


def whole(case: Case, world: World = ALONE) -> dict[str, Any]:
    made = trainer(case, world)
    return result(made, made.run())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
