"""A run's numbers and pictures as TensorBoard event files, for those who have TensorBoard."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from vaelab.runs.states import RunError
from vaelab.runs.store import RunStore

KINDS = ("samples", "reconstructions")


def write_events(store: RunStore, run_id: int, out_dir: Path) -> Path:
    """Write the event files of a run into `out_dir/<its name>`; that folder.

    Raises:
        RunError: with a sentence, if TensorBoard is not installed or there is no such run.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RunError(
            "TensorBoard is not installed, and vaelab does not need it; to write its files, "
            "`pip install tensorboard`."
        ) from error
    run = store.get(run_id)
    folder = out_dir / run.name
    with SummaryWriter(str(folder)) as writer:
        for metric in store.metrics(run_id):
            name = f"{metric.name}/{metric.split}"
            writer.add_scalar(name, metric.value, metric.epoch)
        for kind in KINDS:
            for epoch in store.image_epochs(run_id, kind):
                with Image.open(io.BytesIO(store.image(run_id, epoch, kind) or b"")) as picture:
                    pixels = np.asarray(picture.convert("RGB"))  # (H, W, 3)
                writer.add_image(kind, pixels, epoch, dataformats="HWC")
    return folder
