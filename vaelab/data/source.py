"""What a source is: a function that loads it, a function that says cheaply what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vaelab.data.dataset import ImageDataset
from vaelab.data.spec import DataSpec

MAX_DATASET_BYTES = 4 * 2**30  # of uint8 pixels, so that a claimed size cannot exhaust memory


@dataclass(frozen=True, eq=False)
class SourceImages:
    """Everything a source holds, before the split.

    Attributes:
        images: the training part, or everything where the source has no test split of its own;
            its `skipped` lists the unreadable files of both parts.
        test: the source's own test split, or None.
    """

    images: ImageDataset
    test: ImageDataset | None = None


@dataclass(frozen=True)
class SourceDescription:
    """What loading would give, found without reading all of it.

    Attributes:
        source: the name or absolute path asked for.
        title: for people.
        available: whether it is on this machine and readable.
        message: one sentence: what it is, or why it cannot be had.
        n_images: in all parts together, or None when unknown.
        n_test: in the source's own test split; 0 without one.
        image_shape: (C, H, W) after loading, or None when unknown.
        class_names: empty without labels.
    """

    source: str
    title: str
    available: bool
    message: str
    n_images: int | None = None
    n_test: int = 0
    image_shape: tuple[int, int, int] | None = None
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceInfo:
    """One line of `SOURCES` or `PATH_SOURCES`.

    Attributes:
        title: for people.
        description: one sentence.
        load: (spec, data_dir, download) -> SourceImages.
        describe: (spec, data_dir) -> SourceDescription.
    """

    title: str
    description: str
    load: Callable[[DataSpec, Path, bool], SourceImages]
    describe: Callable[[DataSpec, Path], SourceDescription]
