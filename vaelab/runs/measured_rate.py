"""How high the learning rate of a run may be: the range test on the run's own images and model."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

import torch

from vaelab.data import load_dataset
from vaelab.models import build_model
from vaelab.runs.apart import Progress, run_apart
from vaelab.runs.config import RunConfig
from vaelab.runs.rate_worker import RATES, RUN
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


def rate_apart(config: RunConfig, progress: Progress, stop: threading.Event) -> RangeTest:
    """`measured_rate` in another process, for a thread of a server.

    Raises:
        StoppedApartError: after `stop`.
        ValueError: with the sentence of what went wrong.
        OSError: if no process can be started, or the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="vaelab-rate-") as name:
        folder = Path(name)
        (folder / RUN).write_text(json.dumps(config.to_dict()))
        run_apart("vaelab.runs.rate_worker", [], folder, progress, stop)
        found = json.loads((folder / RATES).read_text())
    return RangeTest(tuple(found["rates"]), tuple(found["losses"]))
