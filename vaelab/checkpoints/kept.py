"""What was worked out once about a checkpoint's codes and is worth keeping, such as slow maps."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vaelab import settings
from vaelab.checkpoints.array_file import read_arrays
from vaelab.checkpoints.folder import replace_file
from vaelab.checkpoints.record import Checkpoint, CheckpointError

MAX_BYTES = 2**30
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def keep_arrays(checkpoint: Checkpoint, name: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Keep arrays of these very weights under a name, in one step.

    They lie in the checkpoint's folder, or in `home()/maps/` where that came with the project or
    cannot be written to.

    Raises:
        ValueError: for a name other than lower-case letters, digits, `_` and `-`.
        OSError: if the disk refuses.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    if checkpoint.bundled or not os.access(checkpoint.path, os.W_OK):
        folder = _elsewhere(checkpoint)
        folder.mkdir(parents=True, exist_ok=True)
    else:
        folder = _beside(checkpoint)
        folder.mkdir(exist_ok=True)  # no parents: what was deleted meanwhile stays deleted
    replace_file(folder / _file(name), buffer.getvalue())


def kept_arrays(checkpoint: Checkpoint, name: str) -> dict[str, np.ndarray] | None:
    """What was kept under the name for these weights; None if nothing, or nothing readable.

    Raises:
        ValueError: for a name that cannot be.
    """
    for folder in (_beside(checkpoint), _elsewhere(checkpoint)):
        path = folder / _file(name)
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES:
                return read_arrays(path)
        except (CheckpointError, OSError):
            continue  # worth no more than none: it is worked out again
    return None


def _beside(checkpoint: Checkpoint) -> Path:
    return checkpoint.path / f"maps-{checkpoint.weights_sha256[:16]}"


def _elsewhere(checkpoint: Checkpoint) -> Path:
    return settings.home() / "maps" / checkpoint.weights_sha256


def _file(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"name must be 1 to 100 of a-z, 0-9, '_' and '-', got {name!r}.")
    return f"{name}.npz"
