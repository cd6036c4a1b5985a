"""Zip archives: the same as the folder, and nothing of a hostile one unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vaelab.data import DataError, describe_source, load_dataset
from vaelab.data.archive import LIMITS
from vaelab.data.zipcheck import ZipLimits, check_members, open_zip, read_member

Encode = Callable[..., bytes]


@pytest.fixture
def picture(encode: Encode) -> bytes:
    return encode(np.arange(192, dtype=np.uint8).reshape(8, 8, 3))


def _zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def _zip_folder(folder: Path, path: Path, top: str = "") -> Path:
    files = {top + str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*.png")}
    return _zip(path, files)


@pytest.mark.parametrize("top", ["", "set/", "one/two/"])
def test_the_same_images_as_the_folder(image_folder: Path, tmp_path: Path, top: str) -> None:
    path = _zip_folder(image_folder, tmp_path / "pictures.zip", top)
    splits, expected = load_dataset(path), load_dataset(image_folder)
    assert splits.fingerprint == expected.fingerprint
    assert splits.name == "pictures"
    assert describe_source(path).n_images == describe_source(image_folder).n_images


def test_nothing_is_written_to_disk(image_folder: Path, tmp_path: Path) -> None:
    path = _zip_folder(image_folder, tmp_path / "x.zip")
    before = sorted(tmp_path.rglob("*"))
    load_dataset(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_traces_of_archivers_are_ignored(tmp_path: Path, picture: bytes) -> None:
    members = {f"a/{i}.png": picture for i in range(4)}
    members |= {"__MACOSX/a/._0.png": b"x", "a/.DS_Store": b"x"}
    splits = load_dataset(_zip(tmp_path / "x.zip", members))
    assert splits.skipped == ()
    assert splits.class_names == ("a",)


@pytest.mark.parametrize(
    "name", ["../evil.png", "a/../../evil.png", "/etc/evil.png", "a\\..\\evil.png", "C:/evil.png"]
)
def test_names_that_leave_the_archive(tmp_path: Path, picture: bytes, name: str) -> None:
    path = _zip(tmp_path / "x.zip", {"a/1.png": picture, name: picture})
    with pytest.raises(DataError, match=r"holds the name .* are not allowed"):
        load_dataset(path)


def test_a_symbolic_link(tmp_path: Path, picture: bytes) -> None:
    link = zipfile.ZipInfo("a/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a/1.png", picture)
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match=r"a/link.png', a symbolic link; only plain files"):
        load_dataset(tmp_path / "x.zip")


def test_a_member_of_zeros(tmp_path: Path, picture: bytes) -> None:
    path = _zip(tmp_path / "x.zip", {"a/1.png": picture, "a/2.png": bytes(2 * 2**20)})
    with pytest.raises(
        DataError, match=r"a/2.png, which unpacks to [\d,]+ times its size; at most"
    ):
        load_dataset(path)


def test_limits_per_file_and_in_all(tmp_path: Path, rng: np.random.Generator) -> None:
    path = _zip(tmp_path / "x.zip", {f"{i}.png": rng.bytes(1000) for i in range(5)})
    with open_zip(path) as archive:
        members = archive.infolist()
    check_members(path, members, ZipLimits(member=1000, total=5000))
    with pytest.raises(DataError, match=r"0.png, which unpacks to .* a file are allowed"):
        check_members(path, members, ZipLimits(member=999, total=5000))
    with pytest.raises(DataError, match="unpacks to more than"):
        check_members(path, members, ZipLimits(member=1000, total=4999))


def _with_size(path: Path, claimed: int) -> None:
    """Let the directory of an archive of one member claim another unpacked size."""
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<L", claimed)
    path.write_bytes(bytes(data))


def test_a_directory_that_claims_gigabytes(tmp_path: Path, picture: bytes) -> None:
    path = _zip(tmp_path / "x.zip", {"1.png": picture})
    _with_size(path, 2**32 - 2)
    with pytest.raises(DataError, match=r"1.png, which unpacks to 4.0 GB; at most 64 MB a file"):
        load_dataset(path)


def test_a_directory_that_claims_too_little_unpacks_no_more(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", {"1.png": bytes(10**6)})
    _with_size(path, 100)
    # no more than the claimed bytes are unpacked, and their checksum is not that of the whole
    with open_zip(path) as archive, pytest.raises(DataError, match="damaged inside the archive"):
        read_member(archive, archive.infolist()[0], LIMITS.member)


def test_reading_stops_at_the_limit(tmp_path: Path, rng: np.random.Generator) -> None:
    path = _zip(tmp_path / "x.zip", {"1.png": rng.bytes(1000)})
    with open_zip(path) as archive, pytest.raises(DataError, match="unpacks to more than"):
        read_member(archive, archive.infolist()[0], 999)


def test_a_huge_directory(tmp_path: Path, picture: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _zip(tmp_path / "x.zip", {f"{i}.png": picture for i in range(30)})
    monkeypatch.setattr("vaelab.data.zipcheck.MAX_DIRECTORY_BYTES", 1000)
    with pytest.raises(DataError, match="lists too many files"):
        load_dataset(path)


def test_damaged_and_encrypted_members_are_skipped(
    tmp_path: Path, rng: np.random.Generator, encode: Encode
) -> None:
    pictures = {f"{i}.png": encode(rng.integers(0, 256, (9, 9), dtype=np.uint8)) for i in range(6)}
    path = _zip(tmp_path / "x.zip", pictures, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.find(b"IDAT") + 9] ^= 255  # in 0.png: its checksum in the archive no longer fits
    second = data.find(b"PK\1\2", data.find(b"PK\1\2") + 1)
    data[second + 8] |= 1  # 1.png says it is encrypted
    path.write_bytes(bytes(data))
    reasons = {s.path: s.reason for s in load_dataset(path).skipped}
    assert set(reasons) == {"0.png", "1.png"}
    assert "Bad CRC-32" in reasons["0.png"]
    assert reasons["1.png"] == "It is encrypted."


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\3\4" + bytes(100)])
def test_no_zip(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(DataError, match="is not a zip file, or a damaged one"):
        load_dataset(path)


def test_a_truncated_zip(image_folder: Path, tmp_path: Path) -> None:
    path = _zip_folder(image_folder, tmp_path / "x.zip")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="is not a zip file, or a damaged one"):
        load_dataset(path)


def test_an_archive_without_pictures(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    with pytest.raises(DataError, match="holds no image file"):
        load_dataset(tmp_path / "x.zip")
