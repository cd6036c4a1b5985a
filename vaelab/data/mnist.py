"""MNIST and Fashion-MNIST from their four IDX files, or from OpenML when those are absent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vaelab.data.dataset import DataError, ImageDataset
from vaelab.data.geometry import conform, target_shape
from vaelab.data.idx import read_idx, read_idx_shape
from vaelab.data.openml import fetch_idx_files
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import DataSpec

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class MnistLike:
    """A data set in MNIST's four files: its folder's name, its name at OpenML, its classes."""

    name: str
    title: str
    openml_name: str
    class_names: tuple[str, ...]

    def load(self, spec: DataSpec, data_dir: Path, download: bool) -> SourceImages:
        """60,000 training and 10,000 test images of 28x28 from `<data_dir>/<name>/`.

        Raises:
            DataError: for files that are damaged, or absent and not to be had.
        """
        folder = data_dir / self.name
        if _missing(folder):
            if not download:
                raise DataError(self._absent(folder))
            absent = self._absent(folder, " and cannot be fetched from OpenML now")
            fetch_idx_files(self.openml_name, folder, FILES, CHECKSUMS, absent)
        paths = [_present(folder, file) for file in FILES]
        _verify(folder)
        return SourceImages(
            self._part(paths[0], paths[1], "train", spec),
            self._part(paths[2], paths[3], "test", spec),
        )

    def describe(self, spec: DataSpec, data_dir: Path) -> SourceDescription:
        """What `load` gives, from the headers of the image files."""
        folder = data_dir / self.name
        if _missing(folder):
            message = f"{self._absent(folder)} When online, it is fetched from OpenML on first use."
            return SourceDescription(self.name, self.title, False, message)
        shapes = [read_idx_shape(_present(folder, file), 3) for file in (FILES[0], FILES[2])]
        n_train, n_test = shapes[0][0], shapes[1][0]
        shape = target_shape(1, shapes[0][1], shapes[0][2], spec)
        message = f"{n_train:,} training and {n_test:,} test images in {folder}."
        return SourceDescription(
            self.name, self.title, True, message, n_train + n_test, n_test, shape, self.class_names
        )

    def _absent(self, folder: Path, why: str = "") -> str:
        missing = _missing(folder)
        if len(missing) < len(FILES):
            return f"{self.title} is incomplete{why}; put {_listed(missing)} into {folder}."
        return f"{self.title} is not on this machine{why}; put {_listed(FILES)} into {folder}."

    def _part(self, images: Path, labels: Path, split: str, spec: DataSpec) -> ImageDataset:
        x, y = read_idx(images, 3), read_idx(labels, 1)
        if len(x) != len(y):
            raise DataError(
                f"{images} holds {len(x):,} images and {labels} {len(y):,} labels; the numbers "
                "must be equal."
            )
        if y.max() >= len(self.class_names):
            raise DataError(
                f"{labels} holds the label {y.max()}; labels must lie in "
                f"0..{len(self.class_names) - 1}."
            )
        pixels = conform(x[:, None], spec)  # (N, 28, 28) -> (N, C, H, W)
        return ImageDataset(self.name, pixels, y.astype(np.int64), self.class_names, split)


MNIST = MnistLike("mnist", "MNIST", "mnist_784", tuple("0123456789"))
FASHION_MNIST = MnistLike(
    "fashion-mnist",
    "Fashion-MNIST",
    "Fashion-MNIST",
    (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
)


def _listed(files: Sequence[str]) -> str:
    """`the file a`, `the files a, b and c`."""
    if len(files) == 1:
        return f"the file {files[0]}"
    return f"the files {', '.join(files[:-1])} and {files[-1]}"


def _present(folder: Path, file: str) -> Path:
    """The file as `.gz`, or unzipped where only that is there."""
    plain = folder / file.removesuffix(".gz")
    return plain if plain.is_file() and not (folder / file).is_file() else folder / file


def _missing(folder: Path) -> list[str]:
    return [file for file in FILES if not _present(folder, file).is_file()]


def _verify(folder: Path) -> None:
    """Compare the files with the checksums that were stored when they were fetched, if any."""
    listing = folder / CHECKSUMS
    if not listing.is_file():
        return
    for line in listing.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if name not in FILES or not path.is_file():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise DataError(
                f"{path} does not match its checksum in {listing}; delete both to fetch the data "
                "set again."
            )
