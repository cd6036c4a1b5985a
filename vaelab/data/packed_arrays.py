"""An array that is larger than memory, packed as it is read from its archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vaelab.data.dataset import DataError, as_array
from vaelab.data.geometry import Pixels
from vaelab.data.packing import PackPlan, Skip, pack


def pack_blocks(
    path: Path, name: str, shape: tuple[int, int, int, int], blocks: Iterator[Pixels]
) -> Pixels:
    """The packed images of the array `name` of the file `path`.

    Args:
        path: of the archive; a file of another size or time is another source.
        name: of the array.
        shape: (N, C, H, W) of the result.
        blocks: uint8 (n, C, H, W), all N images in order. They are read only where they are not
            packed already.

    Raises:
        DataError: as `pack`, or if `blocks` end too early.
    """
    status = path.stat()
    source = {
        "path": str(path.absolute()),
        "array": name,
        "size": status.st_size,
        "time": status.st_mtime_ns,
    }
    rest: list[Pixels] = []  # read and not used yet
    position = 0

    def fill(target: Pixels, first: int) -> list[Skip]:
        nonlocal position
        while position < first + len(target):
            if not rest:
                rest.append(_next(path, name, blocks))
            block = rest.pop()
            wanted = (first if position < first else first + len(target)) - position
            taken = block[:wanted]
            if position >= first:
                target[position - first : position - first + len(taken)] = taken
            position += len(taken)
            if len(taken) < len(block):
                rest.append(block[len(taken) :])
        return []

    return as_array(pack(PackPlan(f"{name} in {path}", source, shape), fill).images)


def _next(path: Path, name: str, blocks: Iterator[Pixels]) -> Pixels:
    try:
        return np.ascontiguousarray(next(blocks))
    except StopIteration:
        raise DataError(f"{path} is truncated: {name} ends too early.") from None
