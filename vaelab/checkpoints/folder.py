"""Folders that appear and change in one step, or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
STALE_SECONDS = 3600  # no save takes as long: a temporary this old belongs to a killed process


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that takes its place when the block ends well.

    A reader sees the old folder or the new one, never half; after an error, the old one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep_stale(target)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        temporary.chmod(0o755)  # mkdtemp's 0700 would lock other users out of shared folders
        yield temporary
        for path in temporary.iterdir():
            sync(path)
        sync(temporary)
        take_place(temporary, target)
        sync(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # after an exchange: the old folder


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step: to a temporary beside it, flushed to disk, renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def remove_folder(path: Path) -> None:
    """Take a folder away in one step, then free its space."""
    doomed = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    path.rename(doomed / path.name)
    shutil.rmtree(doomed, ignore_errors=True)


def _sweep_stale(target: Path) -> None:
    for left in target.parent.glob(f".{target.name}-*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def take_place(temporary: Path, target: Path) -> None:
    """Rename a folder to `target`; what stood there is then at `temporary`, or gone."""
    try:
        temporary.rename(target)  # also replaces an empty folder
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if not _exchange(temporary, target):
            # no atomic exchange on this system: for a moment there is no folder at all
            old = temporary.with_name(temporary.name + "-old")
            target.rename(old)
            temporary.rename(target)
            shutil.rmtree(old, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Swap two folders atomically (Linux renameat2); False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    status: int = renameat2(
        _AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE
    )
    return status == 0


def sync(path: Path) -> None:
    """Flush a file or a folder's entries to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
