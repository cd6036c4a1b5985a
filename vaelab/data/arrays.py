"""An `.npz` with the images in `x` and, if there are labels, `y`; never unpickled.

Optional: `class_names`; `x_test` and `y_test` as a test split of its own; `factors` (N, F), whole
numbers, the known factors of variation, with `factor_names` and `factors_test`. Images are
(N, H, W), (N, H, W, C) or (N, C, H, W) with C 1, 3 or 4; whole numbers in 0..255, booleans, or
floats in [0, 1] or [0, 255]. Values of 0 and 1 only are black and white. Labels are whole numbers
or strings; their sorted values are the classes, unless `class_names` names 0, 1, 2, ...
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vaelab.data.array_labels import Labels, number, numbered, read_class_names, read_labels
from vaelab.data.dataset import DataError, ImageDataset
from vaelab.data.factors import Factors, read_factors
from vaelab.data.geometry import Pixels, check_total, conform, target_shape
from vaelab.data.npz import ArrayHeader, list_arrays, read_blocks
from vaelab.data.packed_arrays import pack_blocks
from vaelab.data.packing import is_packed
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import DataSpec
from vaelab.data.zipcheck import open_zip

_CHANNELS = (1, 3, 4)
_NAMES = (
    *("x", "y", "factors"),
    *("x_test", "y_test", "factors_test"),
    *("class_names", "factor_names"),
)


def load(spec: DataSpec, data_dir: Path, download: bool) -> SourceImages:
    """The images of the file `spec.source`.

    Raises:
        DataError: for an array that is missing, too large, of another type, shape or range.
    """
    path = Path(spec.source)
    with open_zip(path) as archive:
        arrays = _arrays(path, archive)
        names = read_class_names(path, archive, arrays)
        train = _part(path, archive, arrays, "", spec)
        test = _part(path, archive, arrays, "_test", spec) if "x_test" in arrays else None
    test_labels = None if test is None else test.labels
    found = numbered(path, train.labels, test_labels, names, has_test=test is not None)
    return SourceImages(
        _dataset(path, train, found.train, found.class_names, "train"),
        None if test is None else _dataset(path, test, found.test, found.class_names, "test"),
    )


def _dataset(
    path: Path,
    part: _Part,
    labels: npt.NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    split: str,
) -> ImageDataset:
    return ImageDataset(
        path.stem,
        part.images,
        labels,
        class_names,
        split,
        factors=None if part.factors is None else part.factors.values,
        factor_names=() if part.factors is None else part.factors.names,
    )


def describe(spec: DataSpec, data_dir: Path) -> SourceDescription:
    """What `load` would give, from the headers of the arrays and the labels."""
    path = Path(spec.source)
    with open_zip(path) as archive:
        arrays = _arrays(path, archive)
        axes = _axes(path, arrays["x"])
        shape = target_shape(axes.c, axes.h, axes.w, spec)
        names: tuple[str, ...] = ()
        if "y" in arrays:
            labels = read_labels(path, archive, arrays["y"], axes.n)
            _, names = number(path, labels, read_class_names(path, archive, arrays))
    n_test = arrays["x_test"].shape[0] if "x_test" in arrays else 0
    n = axes.n + n_test
    message = f"Arrays of {n:,} images of {axes.h}x{axes.w}, {len(names) or 'no'} classes."
    return SourceDescription(spec.source, path.name, True, message, n, n_test, shape, names)


@dataclass(frozen=True)
class _Axes:
    """Sizes of an image array, and whether its channels stand last."""

    n: int
    c: int
    h: int
    w: int
    channels_last: bool


@dataclass(frozen=True, eq=False)
class _Part:
    images: Pixels
    labels: Labels | None
    factors: Factors | None


def _arrays(path: Path, archive: zipfile.ZipFile) -> dict[str, ArrayHeader]:
    arrays = list_arrays(path, archive, _NAMES)
    if "x" not in arrays:
        found = ", ".join(sorted(i.filename for i in archive.infolist())[:8]) or "nothing"
        raise DataError(f"{path} has no array x with the images; it holds {found}.")
    return arrays


def _axes(path: Path, header: ArrayHeader) -> _Axes:
    shape = header.shape
    if len(shape) == 3:
        axes = _Axes(shape[0], 1, shape[1], shape[2], False)
    elif len(shape) == 4 and (shape[3] in _CHANNELS) != (shape[1] in _CHANNELS):
        last = shape[3] in _CHANNELS
        n, c, h, w = (shape[0], shape[3], *shape[1:3]) if last else shape
        axes = _Axes(n, c, h, w, last)
    else:
        raise DataError(
            f"{path} has {header.name} of shape {shape}; (N, H, W), (N, H, W, C) or (N, C, H, W) "
            "with C 1, 3 or 4 is allowed."
        )
    if min(shape) == 0:
        raise DataError(f"{path} has {header.name} of shape {shape}, which holds no image.")
    if header.dtype.kind not in "buif":
        raise DataError(
            f"{path} has {header.name} of type {header.dtype}; whole numbers in 0..255, booleans, "
            "or floats in [0, 1] or [0, 255] are allowed."
        )
    return axes


def _part(
    path: Path,
    archive: zipfile.ZipFile,
    arrays: dict[str, ArrayHeader],
    suffix: str,
    spec: DataSpec,
) -> _Part:
    x, y = f"x{suffix}", f"y{suffix}"
    axes = _axes(path, arrays[x])
    shape = target_shape(axes.c, axes.h, axes.w, spec)
    labels = read_labels(path, archive, arrays[y], axes.n) if y in arrays else None
    factors = read_factors(path, archive, arrays, f"factors{suffix}", axes.n)
    if is_packed(axes.n, shape):
        blocks = (
            conform(_on_white(block) if axes.c == 4 else block, spec)
            for block in _pixel_blocks(path, archive, arrays[x], axes)
        )
        return _Part(pack_blocks(path, x, (axes.n, *shape), blocks), labels, factors)
    check_total(axes.n, (axes.c, axes.h, axes.w), f"{x} in {path}")
    images = np.empty((axes.n, axes.c, axes.h, axes.w), np.uint8)
    done = 0
    for block in _pixel_blocks(path, archive, arrays[x], axes):
        images[done : done + len(block)] = block
        done += len(block)
    return _Part(conform(_on_white(images) if axes.c == 4 else images, spec), labels, factors)


def _pixel_blocks(
    path: Path, archive: zipfile.ZipFile, header: ArrayHeader, axes: _Axes
) -> Iterator[Pixels]:
    """The images as uint8 (n, C, H, W), some at a time; a first pass finds their scale."""
    scale = _scale(path, archive, header)
    for block in read_blocks(path, archive, header):
        rows = block.reshape(len(block), *header.shape[1:])
        rows = np.moveaxis(rows, -1, 1) if axes.channels_last else rows
        rows = rows.reshape(len(rows), axes.c, axes.h, axes.w)
        yield np.rint(rows.astype(np.float32) * scale).astype(np.uint8)


def _scale(path: Path, archive: zipfile.ZipFile, header: ArrayHeader) -> int:
    """What the values are multiplied by to be on 0..255, from a pass that keeps nothing."""
    low, high = np.inf, -np.inf
    for block in read_blocks(path, archive, header):
        low, high = min(low, float(block.min())), max(high, float(block.max()))
        if not (np.isfinite(low) and np.isfinite(high)):  # min and max carry a NaN through
            raise DataError(
                f"{path} has NaN or infinite values in {header.name}; all must be finite."
            )
    if low < 0 or high > 255:
        raise DataError(
            f"{path} has values from {low:g} to {high:g} in {header.name}; [0, 1] or [0, 255] is "
            "allowed."
        )
    if low == high:
        raise DataError(f"{path} has the value {low:g} everywhere in {header.name}: no picture.")
    return 255 if high <= 1 else 1


def _on_white(images: Pixels) -> Pixels:
    """(N, 4, H, W) laid on white: (N, 3, H, W)."""
    flat = np.empty((len(images), 3, *images.shape[2:]), np.uint8)
    for i, image in enumerate(images):
        alpha = image[3:].astype(np.float32) / 255
        flat[i] = np.rint(image[:3] * alpha + 255 * (1 - alpha))
    return flat
