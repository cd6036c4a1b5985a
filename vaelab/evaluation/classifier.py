"""A small classifier of a data set's real images: judge of samples, and source of features."""

from __future__ import annotations

import hashlib
import itertools
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, ignore_progress

VERSION = 1  # of the network and its training: part of the name of what is kept on disk
N_FEATURES = 128
LARGEST_SIDE = 32  # pixels; larger images are averaged down to it
BATCH = 128
STEPS = 1_500
EVALUATION_BATCH = 500


@dataclass(frozen=True, eq=False)
class Classifier:
    """p(class | x) of real images.

    Attributes:
        network: (B, C, H, W) in [0, 1] to features (B, 128) to logits (B, n_classes).
        n_train: images it was trained on.
    """

    network: nn.Sequential
    n_train: int

    @torch.no_grad()
    def features(self, x: Tensor) -> npt.NDArray[np.float64]:
        """What the last hidden layer says of x (B, C, H, W): float64 (B, 128)."""
        parts = [self.network[:-1](_shrunk(part)) for part in x.float().split(EVALUATION_BATCH)]
        return torch.cat(parts).double().numpy()

    @torch.no_grad()
    def name(self, x: Tensor) -> npt.NDArray[np.int64]:
        """The most probable class of each image: int64 (B,)."""
        parts = [self.network(_shrunk(part)) for part in x.float().split(EVALUATION_BATCH)]
        return torch.cat(parts).argmax(1).numpy()


def train_classifier(
    dataset: ImageDataset,
    *,
    steps: int = STEPS,
    seed: int = 0,
    on_batch: OnBatch = ignore_progress,
) -> Classifier:
    """Train on the labels of `dataset`; the same weights for the same images and seed.

    `steps` batches of 128 images, in passes over all of them.

    Raises:
        ValueError: for images without labels, or of fewer than two classes.
    """
    if dataset.labels is None or dataset.n_classes < 2:
        raise ValueError("a classifier needs images of at least two classes.")
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        network = _network(dataset.image_shape, dataset.n_classes)
        images, labels = torch.from_numpy(dataset.images), torch.from_numpy(dataset.labels)
        optimiser = torch.optim.AdamW(network.parameters(), 1e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
        for part in itertools.islice(_passes(len(images)), steps):
            x = _shrunk(images[part].float() / 255)
            loss = F.cross_entropy(network(x), labels[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            on_batch(BATCH)
    return Classifier(network.eval().requires_grad_(False), len(images))


def classifier_of(
    dataset: ImageDataset,
    folder: Path | None,
    *,
    steps: int = STEPS,
    seed: int = 0,
    on_batch: OnBatch = ignore_progress,
) -> Classifier:
    """The classifier of these images: from `folder` if it was trained before, else trained now.

    A file that cannot be read is trained anew and replaced.
    """
    if folder is None:
        return train_classifier(dataset, steps=steps, seed=seed, on_batch=on_batch)
    path = folder / f"{_key(dataset, steps, seed)}.npz"
    found = _read(path, dataset)
    if found is None:
        found = train_classifier(dataset, steps=steps, seed=seed, on_batch=on_batch)
        _write(path, found)
    return found


def kept_classifier(
    dataset: ImageDataset, folder: Path, *, steps: int = STEPS, seed: int = 0
) -> Classifier | None:
    """The classifier that `classifier_of` has left in `folder`; None where there is none."""
    return _read(folder / f"{_key(dataset, steps, seed)}.npz", dataset)


def _network(shape: tuple[int, int, int], n_classes: int) -> nn.Sequential:
    channels, *sides = shape
    height, width = (-(-min(side, LARGEST_SIDE) // 4) for side in sides)
    return nn.Sequential(
        nn.Conv2d(channels, 24, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(24, 48, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(48, 64, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(64 * height * width, N_FEATURES),
        nn.ReLU(),
        nn.Linear(N_FEATURES, n_classes),
    )


def _passes(n: int) -> Iterator[Tensor]:
    """Batches of indices, each image once a pass, without end."""
    while True:
        yield from torch.randperm(n).split(BATCH)


def _shrunk(x: Tensor) -> Tensor:
    height, width = x.shape[2:]
    sides = (min(height, LARGEST_SIDE), min(width, LARGEST_SIDE))
    return x if sides == (height, width) else F.adaptive_avg_pool2d(x, sides)


def _key(dataset: ImageDataset, steps: int, seed: int) -> str:
    digest = hashlib.sha256(repr((VERSION, dataset.images.shape, steps, seed)).encode())
    digest.update(np.ascontiguousarray(dataset.images).data)
    assert dataset.labels is not None
    digest.update(dataset.labels.astype("<i8").data)
    return digest.hexdigest()[:32]


def _read(path: Path, dataset: ImageDataset) -> Classifier | None:
    with torch.random.fork_rng(devices=[]):  # new layers draw weights that are not kept
        network = _network(dataset.image_shape, dataset.n_classes)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            weights = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        network.load_state_dict(weights)
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile):
        return None
    return Classifier(network.eval().requires_grad_(False), len(dataset))


def _write(path: Path, classifier: Classifier) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    weights = {name: value.numpy() for name, value in classifier.network.state_dict().items()}
    with temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **weights)
    temporary.replace(path)
