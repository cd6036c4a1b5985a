"""A file of named arrays: read without running code, and refused in a sentence."""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from vaelab.checkpoints.record import CheckpointError

# What numpy and zipfile raise on damaged bytes.
_DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    SyntaxError,
    RuntimeError,  # an encrypted file; RecursionError is one
    MemoryError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of an npz file.

    Raises:
        CheckpointError: if it cannot be read.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
            if not all(isinstance(array, np.ndarray) for array in arrays.values()):
                raise ValueError("it holds a file that is no array")
            return arrays
    except _DAMAGE as error:
        raise CheckpointError(
            f"{path.parent.name} is damaged: {path.name} cannot be read."
        ) from error
