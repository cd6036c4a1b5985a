"""What a run's numbers say of it, in plain words, and the settings that would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab.runs.config import RunConfig, free_name
from vaelab.runs.faults import tells_of_memory
from vaelab.runs.record import Metric, Run
from vaelab.runs.states import RunState
from vaelab.training import TrainConfig

INACTIVE = 0.01  # nats a dimension: below, it tells the decoder nothing
FEW_EPOCHS = 5  # that a trend is read from
STILL_RISING = 0.01  # of |ELBO| in the last tenth of the epochs: longer training would pay
OVERFITTED = 0.01  # of |ELBO| lost since the best epoch


@dataclass(frozen=True)
class Remedy:
    """Another run that would likely do better: what it changes, and the words on its button."""

    title: str
    train: Mapping[str, Any]  # fields of TrainConfig


@dataclass(frozen=True)
class Finding:
    """One sentence about a run, and what could be done."""

    sentence: str
    remedies: tuple[Remedy, ...] = ()


def diagnose(
    run: Run, metrics: Sequence[Metric], rates: npt.NDArray[np.float32] | None = None
) -> list[Finding]:
    """What stands out, the gravest first; nothing where all is well.

    Args:
        run: the run.
        metrics: its numbers.
        rates: nats of each dimension (K,) at its last pictured epoch; None for an autoencoder.
    """
    train = TrainConfig.from_dict(run.config["train"])
    found = [_exploded(run, train), _out_of_memory(run, train), _inactive(train, rates)]
    elbos = [m.value for m in metrics if (m.split, m.name) == ("validation", "elbo")]
    if len(elbos) >= FEW_EPOCHS:
        found += [_overfitted(train, elbos), _unfinished(run, train, elbos)]
    return [finding for finding in found if finding is not None]


def remedied(run: Run, remedy: Remedy, taken: Sequence[str] = ()) -> RunConfig:
    """The run that a remedy suggests, under a free name."""
    config = RunConfig.from_dict(run.config)
    name = free_name(run.name, config.checkpoints, taken)
    train = replace(config.train, **remedy.train)
    return replace(config, name=name, train=train, overwrite=False)


def _exploded(run: Run, train: TrainConfig) -> Finding | None:
    if run.state is not RunState.FAILED or "NaN or infinite" not in run.message:
        return None
    lower = train.learning_rate / 4
    return Finding(
        f"The loss exploded at a learning rate of {train.learning_rate:g}, and again at half of "
        "it: the rate is too high for this model.",
        (Remedy(f"Train with learning rate {lower:.2g}", {"learning_rate": lower}),),
    )


def _out_of_memory(run: Run, train: TrainConfig) -> Finding | None:
    if run.state not in (RunState.FAILED, RunState.LOST) or not tells_of_memory(run.message):
        return None
    half = train.batch_size // 2
    if not half:
        return None
    return Finding(
        f"There was too little memory for batches of {train.batch_size:,} images. Resumed, the "
        "run needs as much again: free some first, or train anew with smaller batches.",
        (Remedy(f"Train with batch size {half:,}", {"batch_size": half}),),
    )


def _inactive(train: TrainConfig, rates: npt.NDArray[np.float32] | None) -> Finding | None:
    if rates is None:
        return None
    n, total = int((rates < INACTIVE).sum()), len(rates)
    if not n:
        return None
    remedies = []
    if train.iwae_samples == 1:
        beta = train.beta / 2
        remedies.append(Remedy(f"Train with beta {beta:g}", {"beta": beta}))
        if train.free_bits < 0.1:
            remedies.append(Remedy("Train with free bits 0.1", {"free_bits": 0.1}))
    advice = "lower beta or use free bits" if remedies else "fewer dimensions would do"
    if n == total:
        text = (
            f"All {total} dimensions carry less than {INACTIVE} nats: the posterior has collapsed "
            "onto the prior and the code says nothing of the image"
        )
    else:
        verb = "carries" if n == 1 else "carry"
        text = f"{n} of {total} dimensions {verb} less than {INACTIVE} nats"
    return Finding(f"{text}: {advice}.", tuple(remedies))


def _overfitted(train: TrainConfig, elbos: Sequence[float]) -> Finding | None:
    best = int(np.nanargmax(elbos))
    lost = elbos[best] - elbos[-1]
    if len(elbos) - 1 - best < FEW_EPOCHS or lost < OVERFITTED * abs(elbos[best]):
        return None
    remedies = () if train.patience else (Remedy("Train with early stopping", {"patience": 10}),)
    return Finding(
        f"The validation ELBO was best in epoch {best + 1} and has lost {lost:,.2f} nats since: "
        "the model learns its training images by heart.",
        remedies,
    )


def _unfinished(run: Run, train: TrainConfig, elbos: Sequence[float]) -> Finding | None:
    if run.state is not RunState.DONE or len(elbos) < train.epochs:
        return None
    tenth = max(1, len(elbos) // 10)
    gained = elbos[-1] - elbos[-1 - tenth]
    if gained < STILL_RISING * abs(elbos[-1]):
        return None
    span = "epoch" if tenth == 1 else f"{tenth} epochs"
    return Finding(
        f"The validation ELBO still rose by {gained:,.2f} nats in the last {span}: longer "
        "training would pay.",
        (Remedy(f"Train for {2 * train.epochs} epochs", {"epochs": 2 * train.epochs}),),
    )
