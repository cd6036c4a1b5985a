"""A checkpoint as one zip file: packed, and unpacked again after everything in it was checked."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from vaelab.checkpoints import record
from vaelab.checkpoints.folder import STALE_SECONDS, sync
from vaelab.checkpoints.read import (
    load_latents,
    load_mixture,
    load_model,
    load_splits,
    read_checkpoint,
)
from vaelab.checkpoints.record import Checkpoint, CheckpointError
from vaelab.checkpoints.write import require_valid_id
from vaelab.data.dataset import DataError
from vaelab.data.zipcheck import UNREADABLE, ZipLimits, check_members, open_zip

REQUIRED = (record.CONFIG, record.WEIGHTS, record.LATENTS, record.HISTORY, record.SPLITS)
OPTIONAL = (record.PREVIEW, record.REPORT, record.MIXTURE)
ARRAYS = (record.LATENTS, record.SPLITS, record.MIXTURE)  # zip files themselves
GRAPH = re.compile(r"(decoder|encoder)-[0-9a-f]{16}\.onnx")
LIMITS = ZipLimits(member=2 * 2**30, total=4 * 2**30)
ARRAY_LIMITS = ZipLimits(member=2**30, total=2**30)
MOST_MEMBERS = 32
PIECE = 2**20
PREFIX = ".import-"


def pack_checkpoint(checkpoint: Checkpoint, target: Path | BinaryIO) -> None:
    """Write a zip of the checkpoint's folder, without the ONNX graphs, which follow from it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (*REQUIRED, *OPTIONAL):
            path = checkpoint.path / name
            if path.is_file():
                archive.write(path, f"{checkpoint.id}/{name}")


def unpack_checkpoint(path: Path, root: Path, name: str | None = None) -> Checkpoint:
    """Make the checkpoint in a zip file one of the folder `root`.

    The archive may hold the files themselves or one folder with them. ONNX graphs in it are left
    out: they are made anew from the weights. Everything is unpacked beside its place and read
    there; the folder appears in one step, when all of it is right.

    Args:
        path: of the zip file, which may come from anybody.
        root: folder of the checkpoints.
        name: of the checkpoint; the archive's folder, else the file's name, when None.

    Raises:
        CheckpointError: with one sentence, for an archive that is not a checkpoint and nothing
            else, that is damaged, or whose name is taken.
        ValueError: for a name that cannot be a checkpoint's.
        OSError: if the disk refuses.
    """
    try:
        with open_zip(path) as archive:
            found = _members(Path(path.name), archive)
            wanted = name or found.folder or path.stem
            require_valid_id(wanted)
            _require_free(root, wanted)
            with _workshop(root) as workshop:
                folder = workshop / wanted
                folder.mkdir()
                for info in found.files:
                    _extract(archive, info, folder / PurePosixPath(info.filename).name)
                _require_sound(folder)
                sync(folder)
                _require_free(root, wanted)
                folder.rename(root / wanted)
                sync(root)
    except DataError as error:
        raise CheckpointError(str(error).replace(str(path), path.name)) from error
    return read_checkpoint(root / wanted)


@dataclass(frozen=True)
class _Members:
    """What is to be unpacked, and the name of the one folder that it lies in, or nothing."""

    files: tuple[zipfile.ZipInfo, ...]
    folder: str


def _members(shown: Path, archive: zipfile.ZipFile) -> _Members:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise CheckpointError(
            f"{shown} holds {len(members):,} files; a checkpoint has at most {MOST_MEMBERS}."
        )
    check_members(shown, members, LIMITS)
    files = [info for info in members if not info.is_dir()]
    folders = {str(PurePosixPath(info.filename).parent) for info in files}
    names = [PurePosixPath(info.filename).name for info in files]
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise CheckpointError(f"{shown} must hold one checkpoint's files, in one folder or none.")
    if len(set(names)) < len(names):
        raise CheckpointError(f"{shown} holds two files of one name.")
    for info, name in zip(files, names, strict=True):
        if name not in (*REQUIRED, *OPTIONAL) and not GRAPH.fullmatch(name):
            raise CheckpointError(f"{shown} holds {name[:80]!r}, which is no file of a checkpoint.")
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise CheckpointError(f"{shown} is encrypted or packed in an unusual way.")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise CheckpointError(f"{shown} is no vaelab checkpoint: it has no {missing[0]}.")
    kept = tuple(info for info, name in zip(files, names, strict=True) if not GRAPH.fullmatch(name))
    folder = next(iter(folders))
    return _Members(kept, "" if folder == "." else folder)


def _require_free(root: Path, name: str) -> None:
    if (root / name).exists() or (root / name).is_symlink():
        raise CheckpointError(f"There is a checkpoint named {name} already; give another name.")


@contextmanager
def _workshop(root: Path) -> Iterator[Path]:
    """A hidden folder of `root` that is gone afterwards; those that were left behind go as well."""
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{PREFIX}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    workshop = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Never more bytes than the archive's directory said."""
    left = info.file_size
    with target.open("xb") as file:
        for piece in _pieces(archive, info):
            left -= len(piece)
            if left < 0:
                raise CheckpointError(f"{info.filename} unpacks to more than it should.")
            file.write(piece)
    sync(target)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes; an OSError here is the archive's fault, not the disk's."""
    try:
        with archive.open(info) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except UNREADABLE as error:
        raise CheckpointError(f"{info.filename} is damaged inside the archive: {error}.") from error


def _require_sound(folder: Path) -> None:
    """Read all of it once, as the pages will."""
    for name in ARRAYS:
        if (folder / name).is_file():
            with open_zip(folder / name) as arrays:
                check_members(Path(name), arrays.infolist(), ARRAY_LIMITS)
    checkpoint = read_checkpoint(folder)
    load_model(checkpoint)
    load_latents(checkpoint)
    load_mixture(checkpoint)
    load_splits(checkpoint)
