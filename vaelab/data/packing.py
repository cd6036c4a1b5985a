"""A source that is larger than memory, decoded once into a file of uint8 pixels.

    <home>/packed/<key>/images.u8    every image's place, those that could not be read as zeros
                        blocks.jsonl one line a finished block: its sha256 and what was skipped
                        pack.json    written last: its presence says that all of it is there

A block is flushed to disk before its line is written, so a process that is killed leaves whole
blocks, and the next one goes on after them.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab import settings
from vaelab.data.dataset import DataError, SkippedFile
from vaelab.data.locking import locked
from vaelab.data.stored import PixelFile, StoredImages

FORMAT = "vaelab packed images 1"
IMAGES, BLOCKS, MANIFEST, LOCK = "images.u8", "blocks.jsonl", "pack.json", "lock"
BLOCK_BYTES = 16 * 2**20
SPARE_BYTES = 2**30  # of disk that packing leaves free
PACKED_FROM_BYTES = 2**30  # of pixels; what is smaller is kept in memory
CHECKED_BLOCKS = 8  # compared with their checksums whenever a pack is opened


@dataclass(frozen=True)
class Skip:
    """The image of a row could not be read, and why."""

    row: int
    path: str
    reason: str


Fill = Callable[[npt.NDArray[np.uint8], int], list[Skip]]
_watcher: ContextVar[Callable[[float], None] | None] = ContextVar("watcher", default=None)


@dataclass(frozen=True)
class PackPlan:
    """What is to be packed.

    Attributes:
        name: for messages.
        source: what the pixels follow from, JSON-able: paths, sizes, times, side, colour.
        shape: (N, C, H, W).
    """

    name: str
    source: Mapping[str, Any]
    shape: tuple[int, int, int, int]

    @property
    def key(self) -> str:
        """sha256 of the source's description: another one for changed files or settings."""
        text = json.dumps([FORMAT, dict(self.source), self.shape], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def folder(self) -> Path:
        return settings.home() / "packed" / self.key

    @property
    def row_bytes(self) -> int:
        return math.prod(self.shape[1:])

    @property
    def rows_a_block(self) -> int:
        return max(1, BLOCK_BYTES // self.row_bytes)


@dataclass(frozen=True, eq=False)
class Packed:
    """The images of a pack, and the files that are no images; `kept` says which rows are."""

    images: StoredImages
    kept: npt.NDArray[np.bool_]
    skipped: tuple[SkippedFile, ...]


@contextmanager
def packing_watched(told: Callable[[float], None]) -> Iterator[None]:
    """`told` hears the share that is packed, 0 to 1, of whatever is packed inside."""
    token = _watcher.set(told)
    try:
        yield
    finally:
        _watcher.reset(token)


def is_packed(n: int, shape: tuple[int, int, int]) -> bool:
    """Whether n images of (C, H, W) are kept in a file instead of in memory."""
    return n * math.prod(shape) > PACKED_FROM_BYTES


def pack(plan: PackPlan, fill: Fill) -> Packed:
    """The packed images of `plan`; made now, or made further, unless they are there.

    Args:
        plan: what is packed.
        fill: puts the images from a row on into a block (n, C, H, W) of zeros, and says what
            could not be read. It is called for ascending rows, one block after another.

    Raises:
        DataError: if the disk is too small, or a pack is there and damaged.
    """
    folder = plan.folder
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK):
        if not (folder / MANIFEST).exists():
            _make(plan, fill)
    return open_pack(plan)


def open_pack(plan: PackPlan) -> Packed:
    """A finished pack, with some of its blocks compared with their checksums.

    Raises:
        DataError: if it is damaged; the sentence says what to delete.
    """
    try:
        manifest = json.loads((plan.folder / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT or tuple(manifest["shape"]) != plan.shape:
            raise ValueError("its pack.json is another source's")
        digests = [str(block["sha256"]) for block in manifest["blocks"]]
        skips = [Skip(**skip) for block in manifest["blocks"] for skip in block["skipped"]]
        file = PixelFile(plan.folder / IMAGES, plan.shape, str(manifest["sha256"]))
        if len(digests) != -(-plan.shape[0] // plan.rows_a_block):
            raise ValueError("its pack.json lists another number of blocks")
        _check(plan, file, digests)
        kept = np.ones(plan.shape[0], bool)
        kept[[skip.row for skip in skips]] = False
    except (OSError, ValueError, KeyError, TypeError, LookupError, RecursionError) as error:
        raise DataError(
            f"The packed images of {plan.name} in {plan.folder} are damaged ({error}); delete "
            "that folder to have them packed again."
        ) from error
    return Packed(
        StoredImages(file, np.flatnonzero(kept)),
        kept,
        tuple(SkippedFile(skip.path, skip.reason) for skip in skips),
    )


def _make(plan: PackPlan, fill: Fill) -> None:
    blocks = _finished(plan)
    done = len(blocks) * plan.rows_a_block
    _require_space(plan, max(0, plan.shape[0] - done) * plan.row_bytes)
    with (plan.folder / IMAGES).open("ab") as file, (plan.folder / BLOCKS).open("ab") as journal:
        for first in range(done, plan.shape[0], plan.rows_a_block):
            n = min(plan.rows_a_block, plan.shape[0] - first)
            block = np.zeros((n, *plan.shape[1:]), np.uint8)
            skips = fill(block, first)
            file.write(block.data)
            _flush(file)
            digest = hashlib.sha256(block.data).hexdigest()
            blocks.append({"sha256": digest, "skipped": [asdict(skip) for skip in skips]})
            journal.write(json.dumps(blocks[-1]).encode() + b"\n")
            _flush(journal)
            _tell((first + n) / plan.shape[0])
    _write_manifest(plan, blocks)


def _finished(plan: PackPlan) -> list[dict[str, Any]]:
    """The blocks that an earlier process finished, up to the first damaged one; the rest goes."""
    images, journal, blocks = plan.folder / IMAGES, plan.folder / BLOCKS, []
    images.touch()
    journal.touch()
    with images.open("r+b") as file:
        for number, line in enumerate(journal.read_bytes().splitlines(keepends=True)):
            rows = min(plan.rows_a_block, plan.shape[0] - number * plan.rows_a_block)
            entry, content = _entry(line), file.read(max(0, rows) * plan.row_bytes)
            if entry is None or hashlib.sha256(content).hexdigest() != entry["sha256"]:
                break
            blocks.append(entry)
        file.truncate(min(len(blocks) * plan.rows_a_block, plan.shape[0]) * plan.row_bytes)
    journal.write_bytes(b"".join(json.dumps(block).encode() + b"\n" for block in blocks))
    return blocks


def _entry(line: bytes) -> dict[str, Any] | None:
    """A line of the journal; None for one that was cut off."""
    try:
        entry = json.loads(line)
        [Skip(**skip) for skip in entry["skipped"]]
        return entry if line.endswith(b"\n") and isinstance(entry["sha256"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def _write_manifest(plan: PackPlan, blocks: list[dict[str, Any]]) -> None:
    digest = hashlib.sha256("".join(block["sha256"] for block in blocks).encode()).hexdigest()
    content = {
        "format": FORMAT,
        "name": plan.name,
        "source": dict(plan.source),
        "shape": plan.shape,
        "sha256": digest,  # of the blocks' checksums, in order
        "blocks": blocks,
    }
    temporary = plan.folder / f"{MANIFEST}.part"
    with temporary.open("w") as file:
        json.dump(content, file)
        _flush(file)
    temporary.replace(plan.folder / MANIFEST)
    (plan.folder / BLOCKS).unlink()


def _check(plan: PackPlan, file: PixelFile, digests: list[str]) -> None:
    """Compare blocks spread over the file with their checksums.

    Raises:
        ValueError: for one that is not what was written.
    """
    for i in np.unique(np.linspace(0, len(digests) - 1, CHECKED_BLOCKS).astype(int)):
        first = int(i) * plan.rows_a_block
        n = min(plan.rows_a_block, plan.shape[0] - first)
        block = np.empty((n, *plan.shape[1:]), np.uint8)
        file.fill(block, first)
        if hashlib.sha256(block.data).hexdigest() != digests[i]:
            raise ValueError(f"images from number {first:,} on are not what was written")


def _require_space(plan: PackPlan, needed: int) -> None:
    free = shutil.disk_usage(plan.folder).free
    if free < needed + SPARE_BYTES:
        raise DataError(
            f"{plan.name} is packed into {needed / 2**30:,.1f} GiB below {settings.home()}, where "
            f"{free / 2**30:,.1f} GiB are free; free some, choose a smaller image_size, or set "
            "VAELAB_HOME to another disk."
        )


def _tell(share: float) -> None:
    if (told := _watcher.get()) is not None:
        told(share)


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
