"""Zip files of checkpoints: there and back, and hostile ones refused without a trace."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from vaelab.checkpoints import (
    Checkpoint,
    CheckpointError,
    load_model,
    pack_checkpoint,
    unpack_checkpoint,
)
from vaelab.models import Model

Save = Callable[..., tuple[Model, Checkpoint]]
Members = dict[str, bytes]


@pytest.fixture
def members(save: Save, tmp_path: Path) -> Members:
    _, checkpoint = save("one")
    packed = tmp_path / "packed.zip"
    pack_checkpoint(checkpoint, packed)
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_there_and_back(save: Save, tmp_path: Path, z: torch.Tensor) -> None:
    for settings in ({}, {"family": "autoencoder"}):
        model, checkpoint = save("one", **settings)
        packed = tmp_path / "packed.zip"
        pack_checkpoint(checkpoint, packed)
        root = tmp_path / f"there-{model.config.family}"
        there = unpack_checkpoint(packed, root)
        assert there.id == "one"
        assert there.weights_sha256 == checkpoint.weights_sha256
        torch.testing.assert_close(
            load_model(there).decode(z).mean, model.decode(z).mean, rtol=0, atol=0
        )
        assert {p.name for p in there.path.iterdir()} == {p.name for p in checkpoint.path.iterdir()}
        assert [p.name for p in root.iterdir()] == ["one"]


def test_files_without_a_folder_take_the_name_of_the_file(members: Members, tmp_path: Path) -> None:
    flat = {name.partition("/")[2]: content for name, content in members.items()}
    assert unpack_checkpoint(write(tmp_path / "flat.zip", flat), tmp_path / "there").id == "flat"


def test_a_taken_name_is_said_and_another_helps(members: Members, tmp_path: Path) -> None:
    path, root = write(tmp_path / "a.zip", members), tmp_path / "there"
    first = unpack_checkpoint(path, root)
    before = (first.path / "config.json").stat().st_mtime_ns
    with pytest.raises(CheckpointError, match="named one already; give another name"):
        unpack_checkpoint(path, root)
    assert (first.path / "config.json").stat().st_mtime_ns == before
    assert unpack_checkpoint(path, root, "two").id == "two"
    with pytest.raises(ValueError, match="name must be 1 to 100 letters"):
        unpack_checkpoint(path, root, "../three")
    assert sorted(p.name for p in root.iterdir()) == ["one", "two"]


def test_graphs_are_left_out(members: Members, tmp_path: Path) -> None:
    members["one/decoder-0123456789abcdef.onnx"] = b"not looked at"
    there = unpack_checkpoint(write(tmp_path / "a.zip", members), tmp_path / "there")
    assert not list(there.path.glob("*.onnx"))


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: {key: value for key, value in members.items() if key != f"one/{name}"}


def with_config(**changes: object) -> Callable[[Members], Members]:
    def edit(members: Members) -> Members:
        config = json.loads(members["one/config.json"])
        return {**members, "one/config.json": json.dumps({**config, **changes}).encode()}

    return edit


def huge_model(members: Members) -> Members:
    """Settings that are allowed and ask for terabytes."""
    model = json.loads(members["one/config.json"])["model"]
    asked = {**model, "network": "mlp", "width": 4096, "depth": 8, "latent_dim": 3}
    return with_config(model=asked)(members)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mean.npy", bytes(30 * 2**20))
    return buffer.getvalue()


def other_weights(members: Members) -> Members:
    content = bytearray(members["one/weights.safetensors"])
    content[-1] ^= 1
    return {**members, "one/weights.safetensors": bytes(content)}


def rightly_hashed_rubbish(members: Members) -> Members:
    size = len(members["one/weights.safetensors"])
    content = b"\xff" * size
    digest = hashlib.sha256(content).hexdigest()
    return with_config(weights_sha256=digest)({**members, "one/weights.safetensors": content})


HOSTILE: dict[str, tuple[Callable[[Members], Members], str]] = {
    "above": (lambda m: {**m, "../config.json": b""}, "names with .., a backslash"),
    "inside above": (lambda m: {**m, "one/../../x": b""}, "names with .., a backslash"),
    "absolute": (lambda m: {**m, "/etc/x": b""}, "names with .., a backslash"),
    "backslash": (lambda m: {**m, "one\\x": b""}, "names with .., a backslash"),
    "a second folder": (lambda m: {**m, "two/preview.png": b""}, "in one folder or none"),
    "deeper": (lambda m: {f"deep/{k}": v for k, v in m.items()}, "in one folder or none"),
    "unknown file": (lambda m: {**m, "one/setup.py": b""}, "'setup.py', which is no file of a"),
    "hidden file": (lambda m: {**m, "one/.bashrc": b""}, "'.bashrc', which is no file of a"),
    "too many": (lambda m: {**m, **{f"one/{i}": b"" for i in range(99)}}, "at most 32"),
    "no weights": (without("weights.safetensors"), "it has no weights.safetensors"),
    "a bomb": (lambda m: {**m, "one/report.json": bytes(30 * 2**20)}, "times its size"),
    "a bomb in an npz": (lambda m: {**m, "one/latents.npz": bomb()}, "times its size"),
    "other weights": (other_weights, "has changed since it was saved"),
    "rubbish": (rightly_hashed_rubbish, "do not fit the model"),
    "huge model": (huge_model, "do not fit the model"),
    "foreign": (with_config(format="other"), "its config.json is another program’s"),
    "too new": (with_config(format_version=99), "newer vaelab"),
    "broken latents": (lambda m: {**m, "one/latents.npz": b"PK"}, "not a zip file, or a damaged"),
    "broken history": (lambda m: {**m, "one/history.json": b"{"}, "is not valid JSON"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_with_a_sentence_and_leave_nothing(
    members: Members, tmp_path: Path, name: str
) -> None:
    edit, reason = HOSTILE[name]
    root = tmp_path / "there"
    with pytest.raises(CheckpointError, match=reason) as refused:
        unpack_checkpoint(write(tmp_path / "a.zip", edit(members)), root)
    assert "\n" not in str(refused.value)
    assert not root.exists() or not list(root.iterdir())
    assert not (tmp_path / "config.json").exists()


def test_links_are_refused(members: Members, tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", without("preview.png")(members))
    link = zipfile.ZipInfo("one/preview.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CheckpointError, match="a symbolic link"):
        unpack_checkpoint(path, tmp_path / "there")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused(members: Members, tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", members)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("one/config.json", b"{}")
    with pytest.raises(CheckpointError, match="two files of one name"):
        unpack_checkpoint(path, tmp_path / "there")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no zip"])
def test_what_is_no_zip_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"^a.zip is not a zip file"):
        unpack_checkpoint(tmp_path / "a.zip", tmp_path / "there")


def test_damage_inside_is_said(members: Members, tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", members)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("one/weights.safetensors").header_offset
    content[start + 100] ^= 255
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is damaged inside the archive"):
        unpack_checkpoint(path, tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []
