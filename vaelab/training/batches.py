"""Batches gathered by index from one uint8 tensor on the device, or from a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaelab.data.binarisation import binarise
from vaelab.data.dataset import ImageDataset
from vaelab.data.stored import StoredImages
from vaelab.training.read_ahead import read_ahead
from vaelab.training.world import ALONE, World


@dataclass(frozen=True, eq=False)
class Batch:
    """x (B, C, H, W) float32 in [0, 1]; y int64 (B,) or None.

    Of a batch of n images, B are this process's: all of them where it is alone.
    """

    x: Tensor
    y: Tensor | None
    n: int


class DeviceImages:
    """A data set kept as one uint8 tensor; no per-image Python, no copies but the batch.

    Stored images stay in their file: a thread reads the next batches while one is worked on.

    Args:
        dataset: the images.
        device: where they are kept.
        with_labels: whether batches carry labels.
        binarisation: a key of `BINARISATIONS`.
        noise: draws the pixels of `dynamic` anew for every batch, on the device; without it they
            are drawn once, by seed 0.
        world: the processes among which every batch is divided.
    """

    def __init__(
        self,
        dataset: ImageDataset,
        device: torch.device,
        *,
        with_labels: bool,
        binarisation: str = "none",
        noise: torch.Generator | None = None,
        world: World = ALONE,
    ) -> None:
        self.device, self.world = device, world
        self.noise = noise if binarisation == "dynamic" else None
        if self.noise is None:
            dataset = binarise(dataset, binarisation)
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
        """The images at `indices` (n,), of which this process reads its part."""
        return self._batch(self._read(indices), indices)

    def example(self, batch_size: int) -> Batch:
        """The first images; nothing is drawn for it, so that they are grey under `dynamic`."""
        indices = torch.arange(min(batch_size, len(self)))
        return self._batch(self._read(indices.to(self.device)), indices, drawn=False)

    def in_order(self, batch_size: int) -> Iterator[Batch]:
        """Every image once, the last batch ragged."""
        return self._gathered(torch.arange(len(self)).split(batch_size))

    def shuffled(
        self, batch_size: int, generator: torch.Generator, first: int = 0
    ) -> Iterator[Batch]:
        """Every image once in an order drawn from `generator` (CPU), the last batch ragged.

        Of the same order, the first `first` batches are left out.
        """
        order = torch.randperm(len(self), generator=generator)
        return self._gathered(order.split(batch_size)[first:])

    def _gathered(self, parts: Sequence[Tensor]) -> Iterator[Batch]:
        if not isinstance(self.images, StoredImages):
            for part in parts:
                yield self.gather(part.to(self.device))
            return
        for part, pixels in zip(parts, read_ahead(self._read, parts), strict=True):
            yield self._batch(pixels, part)

    def _read(self, indices: Tensor) -> Tensor:
        """This process's part, uint8 (B, C, H, W) on the device."""
        indices = indices[self.world.part(len(indices))]
        if isinstance(self.images, Tensor):
            return self.images[indices]
        pixels = torch.from_numpy(self.images[indices.cpu().numpy()])
        return pixels.to(self.device)

    def _batch(self, grey: Tensor, indices: Tensor, *, drawn: bool = True) -> Batch:
        """The batch of what was read; draws are made here, not by the thread that reads ahead."""
        n, part = len(indices), self.world.part(len(indices))
        if self.noise is None or not drawn:
            x = grey.float().div_(255)
        else:  # u in 0..254: P(u < grey) = grey / 255
            shape = (n, *grey.shape[1:])  # of the whole batch, as every process draws it
            u = torch.randint(
                255, shape, generator=self.noise, dtype=torch.uint8, device=grey.device
            )
            x = (u[part] < grey).float()
        labels = None if self.labels is None else self.labels[indices[part].to(self.device)]
        return Batch(x, labels, n)
