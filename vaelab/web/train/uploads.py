"""Uploaded data sets, kept on this machine under the hash of their content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from vaelab import settings
from vaelab.data import DataError

SUFFIXES = (".zip", ".npz")
MAX_BYTES = 20 * 2**20  # as server.maxUploadSize


def keep_upload(name: str, content: bytes) -> Path:
    """Write an upload to the uploads folder, once however often it is given; its path.

    The file is named by what letters and digits its name begins with, and by the sha256 of its
    content: `photos-1f0c5a37b2d4.zip`.

    Raises:
        DataError: for another kind of file, an empty or a too large one.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"The file must be a {' or an '.join(SUFFIXES)}, got “{name[:80]}”.")
    if not 0 < len(content) <= MAX_BYTES:
        raise DataError(
            f"The file must hold 1 byte to {MAX_BYTES // 2**20} MB, got {len(content):,} bytes; "
            "give a larger one as a path on this machine."
        )
    folder = settings.home() / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(name).stem).strip("-")[:40] or "images"
    path = folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    if not path.exists():
        _write(path, content)
    return path.absolute()


def _write(path: Path, content: bytes) -> None:
    """In one step, so that a run never reads half of it."""
    handle, name = tempfile.mkstemp(prefix=".upload-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
