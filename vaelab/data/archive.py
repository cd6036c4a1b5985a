"""A `.zip` of an image folder, read in place: nothing of it is ever written to disk."""

from __future__ import annotations

import threading
import zipfile
from functools import partial
from pathlib import Path, PurePosixPath

from vaelab.data.image_files import ImageFile, Listing, describe_listing, list_files, load_listing
from vaelab.data.images import MAX_IMAGE_BYTES
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import DataSpec
from vaelab.data.zipcheck import ZipLimits, check_members, open_zip, read_member

LIMITS = ZipLimits(member=MAX_IMAGE_BYTES, total=8 * 2**30)


def load(spec: DataSpec, data_dir: Path, download: bool) -> SourceImages:
    """The images in the archive `spec.source`; see `layout` for what its folders mean."""
    path = Path(spec.source)
    with open_zip(path) as archive:
        return load_listing(path.stem, _listing(path, archive), spec)


def describe(spec: DataSpec, data_dir: Path) -> SourceDescription:
    """What `load` would give, from the archive's directory and a few images."""
    path = Path(spec.source)
    with open_zip(path) as archive:
        return describe_listing(path.name, "Archive", _listing(path, archive), spec)


def _listing(path: Path, archive: zipfile.ZipFile) -> Listing:
    members = archive.infolist()
    check_members(path, members, LIMITS)
    lock = threading.Lock()
    files = [
        ImageFile(
            PurePosixPath(info.filename),
            partial(_read, archive, info, lock),
            partial("{0.file_size} {0.CRC}".format, info),
        )
        for info in members
        if not info.is_dir()
    ]
    return list_files(str(path), files, [])


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, lock: threading.Lock) -> bytes:
    with lock:  # a ZipFile has one position in its file
        return read_member(archive, info, MAX_IMAGE_BYTES)
