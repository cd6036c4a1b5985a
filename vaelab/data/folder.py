"""A folder of images on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from vaelab.data.dataset import DataError, SkippedFile
from vaelab.data.image_files import (
    MAX_FILES,
    ImageFile,
    Listing,
    describe_listing,
    list_files,
    load_listing,
)
from vaelab.data.images import MAX_IMAGE_BYTES, check_bytes
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import DataSpec


def load(spec: DataSpec, data_dir: Path, download: bool) -> SourceImages:
    """The images below `spec.source`; see `layout` for what its sub-folders mean."""
    root = Path(spec.source)
    return load_listing(root.name, _listing(root), spec)


def describe(spec: DataSpec, data_dir: Path) -> SourceDescription:
    """What `load` would give, from the names of the files and a few of them."""
    root = Path(spec.source)
    return describe_listing(root.name, "Folder", _listing(root), spec)


def _listing(root: Path) -> Listing:
    found, refused = [], []
    for path in _walk(root):
        relative = PurePosixPath(path.relative_to(root).as_posix())
        if path.is_file():
            found.append(ImageFile(relative, partial(_read, path), partial(_stamp, path)))
        elif not path.exists():
            refused.append(SkippedFile(str(relative), "It is a link to a file that is not there."))
        else:
            refused.append(SkippedFile(str(relative), "It is a device or a pipe, no file."))
        if len(found) > 2 * MAX_FILES:
            raise DataError(f"{root} holds more than {2 * MAX_FILES:,} files; that is too many.")
    return list_files(str(root), found, refused)


def _walk(root: Path) -> Iterator[Path]:
    """Every file below `root`; linked folders are followed, each real folder once."""
    seen: set[str] = set()

    def refuse(error: OSError) -> None:
        raise DataError(f"The folder {error.filename} cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, onerror=refuse, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(folder, file) for file in files)


def _read(path: Path) -> bytes:
    try:
        check_bytes(path.stat().st_size)
        with path.open("rb") as file:
            return file.read(MAX_IMAGE_BYTES + 1)
    except OSError as error:
        raise DataError(f"The file cannot be read: {error.strerror}.") from error


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size} {status.st_mtime_ns}"
