"""The range test on a run's own images and model: how high its learning rate may be."""

from __future__ import annotations

from pathlib import Path

import torch

from vaelab.data import load_dataset
from vaelab.models import build_model
from vaelab.runs.apart import Progress
from vaelab.runs.config import RunConfig
from vaelab.training import RangeTest, range_test


def measured_rate(config: RunConfig, progress: Progress) -> RangeTest:
    """The range test of a run, in this process; nothing is kept of what it trains.

    Raises:
        ValueError: with one sentence, for data that cannot be used.
    """
    progress(0.0, "Reading the images")
    splits = load_dataset(config.data, data_dir=Path(config.data_dir))
    torch.manual_seed(config.train.seed)
    model = build_model(config.model_config(splits.image_shape, len(splits.class_names)))
    return range_test(
        model,
        splits.train,
        config.train,
        progress=lambda fraction: progress(fraction, "Training at ever higher rates"),
    )
