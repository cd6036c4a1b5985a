"""Batches gathered by index from one uint8 tensor on the device, or from a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.data.stored import StoredImages
from vaelab.training.read_ahead import read_ahead


@dataclass(frozen=True, eq=False)
class Batch:
    """x (B, C, H, W) float32 in [0, 1]; y int64 (B,) or None."""

    x: Tensor
    y: Tensor | None


class DeviceImages:
    """A data set kept as one uint8 tensor; no per-image Python, no copies but the batch.

    Stored images stay in their file: a thread reads the next batches while one is worked on.
    """

    def __init__(self, dataset: ImageDataset, device: torch.device, *, with_labels: bool) -> None:
        self.device = device
        self.images: Tensor | StoredImages = (
            dataset.images
            if isinstance(dataset.images, StoredImages)
            else torch.from_numpy(dataset.images).to(device)
        )
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
        return self._batch(self._read(indices), indices)

    def in_order(self, batch_size: int) -> Iterator[Batch]:
        """Every image once, the last batch ragged."""
        return self._gathered(torch.arange(len(self)).split(batch_size))

    def shuffled(self, batch_size: int, generator: torch.Generator) -> Iterator[Batch]:
        """Every image once in an order drawn from `generator` (CPU), the last batch ragged."""
        return self._gathered(torch.randperm(len(self), generator=generator).split(batch_size))

    def _gathered(self, parts: Sequence[Tensor]) -> Iterator[Batch]:
        if not isinstance(self.images, StoredImages):
            for part in parts:
                yield self.gather(part.to(self.device))
            return
        for part, pixels in zip(parts, read_ahead(self._read, parts), strict=True):
            yield self._batch(pixels, part)

    def _read(self, indices: Tensor) -> Tensor:
        """uint8 (B, C, H, W) on the device."""
        if isinstance(self.images, Tensor):
            return self.images[indices]
        pixels = torch.from_numpy(self.images[indices.cpu().numpy()])
        return pixels.to(self.device)

    def _batch(self, pixels: Tensor, indices: Tensor) -> Batch:
        x = pixels.float().div_(255)
        labels = None if self.labels is None else self.labels[indices.to(self.device)]
        return Batch(x, labels)
