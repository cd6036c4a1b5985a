"""Several runs of one kind that differ in a few settings, queued as a group."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vaelab.nearest import did_you_mean
from vaelab.runs.config import MODEL_SETTINGS, RunConfig, free_name
from vaelab.training import TrainConfig

MOST_RUNS = 64
SHORT = {"latent_dim": "d", "learning_rate": "lr", "beta": "b"}  # in the runs' names
TRAIN_SETTINGS = frozenset(TrainConfig.__dataclass_fields__)


def sweep(
    base: RunConfig,
    choices: Mapping[str, Sequence[Any]],
    *,
    most: int | None = None,
    seed: int = 0,
    taken: Collection[str] = (),
) -> list[RunConfig]:
    """Runs like `base`, one for each combination of the choices, or `most` of them at random.

    Args:
        base: what they share; its name begins theirs.
        choices: values of fields of `ModelConfig` and `TrainConfig`, by name.
        most: how many at most; all when None.
        seed: of the drawing.
        taken: names that unfinished runs have.

    Raises:
        ValueError: for an unknown setting, an invalid value, none at all, or too many runs.
    """
    unknown = set(choices) - MODEL_SETTINGS - TRAIN_SETTINGS
    if unknown:
        known = sorted(MODEL_SETTINGS | TRAIN_SETTINGS)
        raise ValueError(
            f"unknown settings: {', '.join(sorted(unknown))}; there are {', '.join(known)}."
            f"{did_you_mean(min(unknown), known)}"
        )
    if not choices or not all(choices.values()):
        raise ValueError("choices must name settings with at least one value each.")
    combinations = list(itertools.product(*choices.values()))
    if most is not None and most < len(combinations):
        drawn = sorted(random.Random(seed).sample(range(len(combinations)), most))
        combinations = [combinations[i] for i in drawn]
    if len(combinations) > MOST_RUNS:
        raise ValueError(
            f"a sweep must be of at most {MOST_RUNS} runs, got {len(combinations)}; draw some of "
            "them at random or choose fewer values."
        )
    found: list[RunConfig] = []
    for values in combinations:
        names = {*taken, *(config.name for config in found)}
        found.append(_variant(base, dict(zip(choices, values, strict=True)), names))
    return found


def _variant(base: RunConfig, settings: Mapping[str, Any], taken: set[str]) -> RunConfig:
    said = "-".join(
        f"{SHORT.get(name, name)}{value:g}"
        if isinstance(value, float)
        else f"{SHORT.get(name, name)}{value}"
        for name, value in settings.items()
    )
    model = {name: value for name, value in settings.items() if name in MODEL_SETTINGS}
    train = {name: value for name, value in settings.items() if name in TRAIN_SETTINGS}
    return replace(
        base,
        name=free_name(f"{base.name}-{said}", base.checkpoints, taken),
        model={**base.model, **model},
        train=replace(base.train, **train),
    )


def parse_choices(texts: Sequence[str]) -> dict[str, list[Any]]:
    """`["beta=0.5,1,4", "latent_dim=2,8"]` as choices of numbers.

    Raises:
        ValueError: for a text that is not of this form.
    """
    choices: dict[str, list[Any]] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        try:
            numbers = [_number(value) for value in values.split(",")]
        except ValueError:
            numbers = []
        if not equals or not name or not numbers:
            raise ValueError(f"a sweep must be of the form beta=0.5,1,4, got {text!r}.")
        choices[name.strip().replace("-", "_")] = numbers
    return choices


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
