"""Known factors of variation in an `.npz`: what each image was made from."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError
from vaelab.data.npz import ArrayHeader, read_array

MAX_FACTORS = 100


@dataclass(frozen=True, eq=False)
class Factors:
    """Values int64 (N, F), and one name a factor."""

    values: npt.NDArray[np.int64]
    names: tuple[str, ...]


def read_factors(
    path: Path, archive: zipfile.ZipFile, arrays: Mapping[str, ArrayHeader], name: str, n: int
) -> Factors | None:
    """The array `name` (N, F) and its `factor_names`; None where there is none.

    Raises:
        DataError: for another shape or type, or a wrong number of names.
    """
    if name not in arrays:
        return None
    values = _values(path, archive, arrays[name], n)
    if "factor_names" not in arrays:
        return Factors(values, tuple(f"factor {i + 1}" for i in range(values.shape[1])))
    names = read_strings(path, archive, arrays["factor_names"])
    if len(names) != values.shape[1]:
        raise DataError(f"{path} has {len(names)} factor_names for {values.shape[1]} factors.")
    return Factors(values, names)


def _values(
    path: Path, archive: zipfile.ZipFile, header: ArrayHeader, n: int
) -> npt.NDArray[np.int64]:
    """Known factors as they stand, (N, F)."""
    shape = header.shape
    if len(shape) != 2 or shape[0] != n or not 1 <= shape[1] <= MAX_FACTORS:
        raise DataError(
            f"{path} has {header.name} of shape {shape} for {n:,} images; ({n}, F) with F in "
            f"1..{MAX_FACTORS} is needed."
        )
    values = read_array(path, archive, header)
    if values.dtype.kind not in "bui":
        raise DataError(
            f"{path} has {header.name} of type {values.dtype}; whole numbers are needed."
        )
    numbers: npt.NDArray[np.int64] = values.astype(np.int64)
    return numbers


def read_strings(path: Path, archive: zipfile.ZipFile, header: ArrayHeader) -> tuple[str, ...]:
    """A list of strings.

    Raises:
        DataError: for anything else.
    """
    if header.dtype.kind != "U" or len(header.shape) != 1:
        raise DataError(
            f"{path} has {header.name} of type {header.dtype} and shape {header.shape}; a list of "
            "strings is needed."
        )
    return tuple(str(name) for name in read_array(path, archive, header))
