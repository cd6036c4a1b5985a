"""A zip file's directory, distrusted: what it claims is checked before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vaelab.data.dataset import DataError

MAX_DIRECTORY_BYTES = 256 * 2**20  # about two million names; zipfile holds all of them in memory
MAX_RATIO = 200  # of unpacked to packed bytes; photographs have 1, drawings perhaps 20
RATIO_FREE_BYTES = 2**20  # small files may be as empty as they like
# What zipfile raises where a member is not what the directory said; a name may be no text.
UNREADABLE = (
    OSError,
    EOFError,
    UnicodeError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    struct.error,
)
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")


@dataclass(frozen=True)
class ZipLimits:
    """What an archive may unpack to, in bytes."""

    member: int
    total: int
    ratio: float = MAX_RATIO


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open an archive whose directory is of a sane size.

    Raises:
        DataError: for a file that is missing or no zip.
    """
    try:
        if _directory_bytes(path) > MAX_DIRECTORY_BYTES:
            raise DataError(
                f"{path} lists too many files; its directory may have at most "
                f"{MAX_DIRECTORY_BYTES // 2**20} MB."
            )
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise DataError(f"{path} is not a zip file, or a damaged one: {error}.") from error


def check_members(path: Path, members: list[zipfile.ZipInfo], limits: ZipLimits) -> None:
    """Refuse an archive by what its directory says of these members.

    Raises:
        DataError: naming the member and the limit for names that leave the archive, links, and
            sizes or ratios above the limits.
    """
    total = 0
    for info in members:
        _check_name(path, info)
        total += info.file_size
        if info.file_size > limits.member:
            raise DataError(
                f"{path} holds {info.filename}, which unpacks to {_size(info.file_size)}; at most "
                f"{_size(limits.member)} a file are allowed."
            )
        if total > limits.total:
            raise DataError(
                f"{path} unpacks to more than {_size(limits.total)}, the most that is allowed."
            )
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > RATIO_FREE_BYTES and ratio > limits.ratio:
            raise DataError(
                f"{path} holds {info.filename}, which unpacks to {ratio:,.0f} times its size; at "
                f"most {limits.ratio:.0f} times are allowed."
            )


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """The bytes of one member, of which never more than `limit` are unpacked.

    Raises:
        DataError: for a member that is damaged, encrypted or larger than its directory said.
    """
    if info.flag_bits & 1:
        raise DataError("It is encrypted.")
    try:
        with archive.open(info) as stream:
            data = stream.read(limit + 1)
    except UNREADABLE as error:
        raise DataError(f"It is damaged inside the archive: {error}.") from error
    if len(data) > limit:
        raise DataError(f"It unpacks to more than {_size(limit)}, the most that is allowed.")
    return data


def _check_name(path: Path, info: zipfile.ZipInfo) -> None:
    # orig_filename: zipfile itself turns backslashes round and cuts at a zero byte
    name = info.orig_filename
    parts = PurePosixPath(name).parts
    outside = ".." in parts or name.startswith("/") or name[1:2] == ":"
    if not name or outside or "\\" in name or "\0" in name:
        raise DataError(
            f"{path} holds the name {name!r}; empty names and names with .., a backslash, a drive "
            "or a leading slash are not allowed in an archive."
        )
    if info.external_attr >> 16 & 0o170000 == 0o120000:
        raise DataError(f"{path} holds {name!r}, a symbolic link; only plain files are allowed.")


def _directory_bytes(path: Path) -> int:
    """Size of the central directory as the archive's last record states it; 0 if there is none."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        start = max(0, length - _END.size - 65535 - _LOCATOR.size)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0 or at + _END.size > len(tail):
            return 0
        size = int(_END.unpack_from(tail, at)[5])
        if at >= _LOCATOR.size and tail[at - _LOCATOR.size :].startswith(b"PK\6\7"):
            file.seek(max(0, start + at - _LOCATOR.size - _END64.size))
            record = file.read(_END64.size)
            if len(record) == _END64.size and record.startswith(b"PK\6\6"):
                size = max(size if size != 0xFFFFFFFF else 0, int(_END64.unpack(record)[8]))
        return size


def _size(n: int) -> str:
    return f"{n / 2**30:,.1f} GB" if n >= 2**30 else f"{n / 2**20:,.0f} MB"
