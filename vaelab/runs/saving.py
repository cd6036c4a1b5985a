"""The checkpoint of a run on the way: when it is replaced, and by what."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vaelab.checkpoints import Checkpoint, save_checkpoint
from vaelab.data import DatasetSplits
from vaelab.latent.encode import Latents, concatenate, encode_dataset
from vaelab.latent.mixture import CodeMixture
from vaelab.models import Model
from vaelab.runs.config import RunConfig
from vaelab.runs.grids import preview

N_TRAIN_CODES = 20_000  # training images whose codes a finished checkpoint holds
N_PASSING_CODES = 2_000  # of each split, in a checkpoint saved on the way
SAVE_SECONDS = 20.0  # a checkpoint is saved at the first epoch's end after so long
SAVE_SHARE = 0.02  # of the time; a checkpoint cheaper than that is saved more often


class CheckpointSaver:
    """Replaces a run's checkpoint folder."""

    def __init__(self, config: RunConfig, splits: DatasetSplits) -> None:
        self.config, self.splits = config, splits
        self._saved_at, self._cost_s = float("-inf"), 0.0

    def save_if_due(self, model: Model, history: Sequence[dict[str, Any]]) -> None:
        """Save at an epoch's end, unless that was done a short while ago."""
        interval = min(SAVE_SECONDS, self._cost_s / SAVE_SHARE)
        if time.monotonic() - self._saved_at >= interval:
            self.save(model, history)

    def save(
        self,
        model: Model,
        history: Sequence[dict[str, Any]],
        n_codes: int = N_PASSING_CODES,
        name: str | None = None,
    ) -> Checkpoint:
        """Write the model as the run's checkpoint, or as one called `name`.

        Raises:
            OSError: if the disk refuses; the checkpoint of before is then untouched.
        """
        began = time.monotonic()
        latents = encode_splits(model, self.splits, n_codes, self.config.train.seed)
        mixture = None
        if model.config.is_autoencoder:
            mixture = CodeMixture.fit(latents.of_split("train").mean)
        checkpoint = save_checkpoint(
            Path(self.config.checkpoints),
            name or self.config.name,
            model=model,
            train_config=self.config.train.to_dict(),
            splits=self.splits,
            latents=latents,
            history=history,
            preview_png=preview(model, mixture),
            mixture=mixture,
        )
        self._saved_at = time.monotonic()
        self._cost_s = self._saved_at - began
        return checkpoint


def encode_splits(model: Model, splits: DatasetSplits, n: int, seed: int = 0) -> Latents:
    """Codes of up to `n` training images, drawn by `seed`, and as many test images or all.

    A checkpoint saved on the way has at most `n` of each; with `N_TRAIN_CODES` all test images.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(splits.train))[:n])
    tested = None if n >= N_TRAIN_CODES else np.arange(min(n, len(splits.test)))
    return concatenate(
        [
            encode_dataset(model, splits.train, indices=chosen),
            encode_dataset(model, splits.test, indices=tested),
        ]
    )
