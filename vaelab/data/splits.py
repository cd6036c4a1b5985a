"""Training, validation and test parts: the same ones for the same images and seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError, ImageDataset, SkippedFile
from vaelab.data.source import SourceImages
from vaelab.data.spec import DataSpec
from vaelab.data.stored import StoredImages

SPLITS = ("train", "validation", "test")
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class DatasetSplits:
    """The three parts of a source.

    Attributes:
        train, validation, test: disjoint, together everything the source holds.
        spec: what they were made from.
        fingerprint: sha256 of the source's images, labels and class names, whatever the split.
        validation_indices, test_indices: int64, sorted, into the source's training part followed
            by its own test part; the training images are the rest.
    """

    train: ImageDataset
    validation: ImageDataset
    test: ImageDataset
    spec: DataSpec
    fingerprint: str
    validation_indices: Indices
    test_indices: Indices

    def __repr__(self) -> str:
        parts = "".join(f"\n  {name}={getattr(self, name)!r}," for name in SPLITS)
        return f"DatasetSplits({parts}\n  spec={self.spec!r},\n)"

    @property
    def skipped(self) -> tuple[SkippedFile, ...]:
        """Files of the source that could not be read."""
        return self.train.skipped

    @property
    def name(self) -> str:
        return self.train.name

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        return self.train.image_shape

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.train.class_names


def make_splits(source: SourceImages, spec: DataSpec) -> DatasetSplits:
    """Split a source by `spec.seed`, keeping its own test part if it has one.

    Parts are stratified where there are labels and every class has enough images.

    Raises:
        DataError: when there are too few images for three parts.
    """
    images, n = source.images, len(source.images)
    if n < (3 if source.test is None else 2):
        raise DataError(
            f"{images.name} holds {n} usable image{'' if n == 1 else 's'}; a training, a "
            "validation and a test part need at least one image each."
        )
    everything = np.arange(n, dtype=np.int64)
    if source.test is None:
        held_out = _hold_out(everything, images.labels, spec.test_fraction, (spec.seed, 0), spare=2)
        test, test_indices = images.take(held_out, "test"), held_out
    else:
        test_indices = np.arange(n, n + len(source.test), dtype=np.int64)
        test = source.test.take(test_indices - n, "test")
    rest = np.setdiff1d(everything, test_indices, assume_unique=True)
    validation = _hold_out(rest, images.labels, spec.validation_fraction, (spec.seed, 1), spare=1)
    train = np.setdiff1d(rest, validation, assume_unique=True)
    return DatasetSplits(
        images.take(train, "train"),
        images.take(validation, "validation"),
        test,
        spec,
        fingerprint(source),
        validation,
        test_indices,
    )


def fingerprint(source: SourceImages) -> str:
    """sha256 (hex) of the images, labels and class names of a source, parts in order."""
    digest = hashlib.sha256()
    for part in (source.images, source.test):
        if part is None:
            continue
        digest.update(repr((part.images.shape, part.class_names)).encode())
        if isinstance(part.images, StoredImages):
            digest.update(part.images.file.digest.encode())
            digest.update(part.images.rows.astype("<i8").data)
        else:
            digest.update(np.ascontiguousarray(part.images).data)
        if part.labels is not None:
            digest.update(part.labels.astype("<i8").data)
    return digest.hexdigest()


def _hold_out(
    pool: Indices,
    labels: npt.NDArray[np.int64] | None,
    fraction: float,
    seed: tuple[int, int],
    spare: int,
) -> Indices:
    """A sorted random part of `pool` (M,): at least one of it, leaving at least `spare`."""
    n = min(max(1, round(fraction * len(pool))), len(pool) - spare)
    rng = np.random.default_rng(seed)
    if labels is not None:
        classes, counts = np.unique(labels[pool], return_counts=True)
        if len(classes) > 1 and n >= len(classes) and counts.min() >= 2:
            quotas = _quotas(counts, n)
            chosen = [
                rng.permutation(pool[labels[pool] == label])[:quota]
                for label, quota in zip(classes, quotas, strict=True)
            ]
            return np.sort(np.concatenate(chosen))
    return np.sort(rng.permutation(pool)[:n])


def _quotas(counts: Indices, n: int) -> Indices:
    """n shared out over classes in proportion to `counts`, by largest remainder.

    Every class gives at least one image and keeps at least one.
    """
    exact = counts * (n / counts.sum())
    quotas: Indices = np.clip(np.floor(exact).astype(np.int64), 1, counts - 1)
    while quotas.sum() != n:
        step = 1 if quotas.sum() < n else -1
        allowed = quotas < counts - 1 if step > 0 else quotas > 1
        if not allowed.any():
            break
        quotas[np.argmax(np.where(allowed, step * (exact - quotas), -np.inf))] += step
    return quotas
