"""Training on more images than memory holds: two million of 64x64 RGB, 24.6 GB, made up.

`python -m benchmarks.larger_than_memory [--images 2000000] [--steps 200] [--network mlp]`
The file is sparse: it has the size and takes no disk, and reads as black images; but for its
page cache, which is the system's, reading it costs what reading a file in the page cache costs.
Memory is what the process has resident, anonymous and of files (RssAnon + RssFile).
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import torch

from vaelab.data import ImageDataset
from vaelab.data.dataset import as_array
from vaelab.data.stored import PixelFile, StoredImages
from vaelab.models import ModelConfig, build_model
from vaelab.training import TrainConfig
from vaelab.training.loop import Trainer

SHAPE = (3, 64, 64)
N_VALIDATION = 2_000
LIMIT_MB = 3_000


def resident_mb() -> float:
    """RssAnon + RssFile of this process, MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line[:7] in ("RssAnon", "RssFile")) / 1e3


class Peak:
    """The most that was resident, looked at 20 times a second."""

    def __init__(self) -> None:
        self.mb, self._end = 0.0, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.mb = max(self.mb, resident_mb())

    def stop(self) -> float:
        self._end.set()
        return self.mb


def stored(folder: str, n: int) -> StoredImages:
    path = Path(folder) / "images.u8"
    with path.open("wb") as file:
        file.truncate(n * int(np.prod(SHAPE)))
    return StoredImages(PixelFile(path, (n, *SHAPE), ""))


def measure(images: StoredImages, network: str, steps: int) -> None:
    everything = ImageDataset("black", as_array(images))
    train = everything.take(np.arange(N_VALIDATION, len(images)), "train")
    validation = everything.take(np.arange(N_VALIDATION), "validation")
    model = build_model(ModelConfig(image_shape=SHAPE, network=network, width=32))
    trainer = Trainer(model, train, validation, TrainConfig(epochs=1, compile="off"))
    batches = trainer.train.shuffled(trainer.config.batch_size, trainer.order)
    began = time.perf_counter()
    for number, batch in zip(range(steps), batches, strict=False):
        trainer.step(batch, number)
    seconds = time.perf_counter() - began
    batches.close()
    print(f"{steps * 128 / seconds:,.0f} images/s trained, {network} of width 32")
    batches = trainer.train.shuffled(trainer.config.batch_size, trainer.order)
    began = time.perf_counter()
    for _ in zip(range(steps * 4), batches, strict=False):
        pass
    seconds = time.perf_counter() - began
    batches.close()
    print(f"{steps * 4 * 128 / seconds:,.0f} images/s read and made float")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2_000_000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--network", default="mlp", choices=("mlp", "conv"))
    parsed = parser.parse_args()
    torch.set_flush_denormal(True)
    with tempfile.TemporaryDirectory() as folder:
        peak = Peak()
        images = stored(folder, parsed.images)
        print(f"{parsed.images:,} images, {images.nbytes / 1e9:.1f} GB")
        measure(images, parsed.network, parsed.steps)
        most = peak.stop()
    print(f"resident at most {most:,.0f} MB: {'below' if most < LIMIT_MB else 'ABOVE'} {LIMIT_MB}")


if __name__ == "__main__":
    main()
