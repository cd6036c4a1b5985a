"""Batches gathered by index from one uint8 tensor on the device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from vaelab.data.binarisation import binarise
from vaelab.data.dataset import ImageDataset


@dataclass(frozen=True, eq=False)
class Batch:
    """x (B, C, H, W) float32 in [0, 1]; y int64 (B,) or None."""

    x: Tensor
    y: Tensor | None


class DeviceImages:
    """A data set kept as one uint8 tensor; no per-image Python, no copies but the batch.

    Args:
        dataset: the images.
        device: where they are kept.
        with_labels: whether batches carry labels.
        binarisation: a key of `BINARISATIONS`.
        noise: draws the pixels of `dynamic` anew for every batch, on the device; without it they
            are drawn once, by seed 0.
    """

    def __init__(
        self,
        dataset: ImageDataset,
        device: torch.device,
        *,
        with_labels: bool,
        binarisation: str = "none",
        noise: torch.Generator | None = None,
    ) -> None:
        self.noise = noise if binarisation == "dynamic" else None
        if self.noise is None:
            dataset = binarise(dataset, binarisation)
        self.images = torch.from_numpy(dataset.images).to(device)
        if with_labels and dataset.labels is None:
            raise ValueError(f"{dataset.name} has no labels, which a conditional model needs.")
        self.labels = (
            torch.from_numpy(dataset.labels).to(device)
            if with_labels and dataset.labels is not None
            else None
        )

    def __len__(self) -> int:
        return len(self.images)

    def gather(self, indices: Tensor) -> Batch:
        """The images at `indices` (B,)."""
        grey = self.images[indices]
        if self.noise is None:
            x = grey.float().div_(255)
        else:  # u in 0..254: P(u < grey) = grey / 255
            u = torch.randint(
                255, grey.shape, generator=self.noise, dtype=torch.uint8, device=grey.device
            )
            x = (u < grey).float()
        return Batch(x, None if self.labels is None else self.labels[indices])

    def in_order(self, batch_size: int) -> Iterator[Batch]:
        """Every image once, the last batch ragged."""
        indices = torch.arange(len(self), device=self.images.device)
        for part in indices.split(batch_size):
            yield self.gather(part)

    def shuffled(
        self, batch_size: int, generator: torch.Generator, first: int = 0
    ) -> Iterator[Batch]:
        """Every image once in an order drawn from `generator` (CPU), the last batch ragged.

        Of the same order, the first `first` batches are left out.
        """
        order = torch.randperm(len(self), generator=generator).to(self.images.device)
        for part in order.split(batch_size)[first:]:
            yield self.gather(part)
