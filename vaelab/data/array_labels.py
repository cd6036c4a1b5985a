"""The labels of an `.npz` of arrays: whole numbers or strings as they stand, and as classes."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError
from vaelab.data.factors import read_strings
from vaelab.data.npz import ArrayHeader, read_array

Labels = npt.NDArray[Any]  # int64 or strings, (N,)
MAX_CLASSES = 1000


def read_labels(path: Path, archive: zipfile.ZipFile, header: ArrayHeader, n: int) -> Labels:
    """Labels as they stand, int64 or strings (N,).

    Raises:
        DataError: unless there are n, whole numbers or strings.
    """
    if header.shape not in ((n,), (n, 1)):
        raise DataError(
            f"{path} has {header.name} of shape {header.shape} for {n:,} images; ({n},) is needed."
        )
    values = read_array(path, archive, header).reshape(n)
    if values.dtype.kind == "U":
        return values
    whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 2**53)
    if not whole.all():
        raise DataError(f"{path} has labels in {header.name} that are not whole numbers.")
    return values.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Numbered:
    """Class numbers of both parts (N,), None without labels, and the names they share."""

    train: npt.NDArray[np.int64] | None
    test: npt.NDArray[np.int64] | None
    class_names: tuple[str, ...]


def numbered(
    path: Path,
    train: Labels | None,
    test: Labels | None,
    names: tuple[str, ...] | None,
    has_test: bool,
) -> Numbered:
    """Both parts' labels as numbers of the same classes.

    Raises:
        DataError: if one part has labels and the other none, or strings and the other numbers, or
            as `number`.
    """
    if has_test and (train is None) != (test is None):
        raise DataError(f"{path} has labels for only one of x and x_test; give both y and y_test.")
    if train is None:
        return Numbered(None, None, ())
    if test is None:
        numbers, class_names = number(path, train, names)
        return Numbered(numbers, None, class_names)
    if (train.dtype.kind == "U") != (test.dtype.kind == "U"):
        raise DataError(f"{path} has strings in only one of y and y_test.")
    n = len(train)
    numbers, class_names = number(path, np.concatenate([train, test]), names)
    return Numbered(numbers[:n], numbers[n:], class_names)


def read_class_names(
    path: Path, archive: zipfile.ZipFile, arrays: dict[str, ArrayHeader]
) -> tuple[str, ...] | None:
    """The names of the classes 0, 1, 2, ..., where the file gives them."""
    if "class_names" not in arrays:
        return None
    return read_strings(path, archive, arrays["class_names"])


def number(
    path: Path, labels: Labels, names: tuple[str, ...] | None
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Labels as class numbers from 0, and the names of the classes.

    Raises:
        DataError: for too many classes, or numbers that have no name.
    """
    values, numbers = np.unique(labels, return_inverse=True)
    if len(values) > MAX_CLASSES:
        raise DataError(
            f"{path} has {len(values):,} different labels; at most {MAX_CLASSES} are allowed."
        )
    if names is None or labels.dtype.kind == "U":
        return numbers.astype(np.int64), tuple(str(value) for value in values)
    if values[0] < 0 or values[-1] >= len(names) or len(names) > MAX_CLASSES:
        raise DataError(
            f"{path} has {len(names)} class_names for labels in {values[0]}..{values[-1]}; labels "
            f"must lie in 0..{len(names) - 1}."
        )
    return labels, names
