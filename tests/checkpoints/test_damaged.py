"""Damaged, foreign and too new folders: shown with their reason, never in the way."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from vaelab.checkpoints import (
    Checkpoint,
    CheckpointError,
    DamagedCheckpoint,
    list_checkpoints,
    load_latents,
    load_model,
    read_checkpoint,
)
from vaelab.models import Model

Save = Callable[..., tuple[Model, Checkpoint]]


def edit_config(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


BREAKAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no config": (lambda p: (p / "config.json").unlink(), "it has no config.json"),
    "not JSON": (lambda p: (p / "config.json").write_bytes(b"\xff{"), "is not valid JSON"),
    "a list": (
        lambda p: (p / "config.json").write_text("[]"),
        "its config.json is another program’s",
    ),
    "foreign": (lambda p: edit_config(p, format="other"), "its config.json is another program’s"),
    "too new": (lambda p: edit_config(p, format_version=99), "newer vaelab .format 99"),
    "no version": (
        lambda p: edit_config(p, format_version=None),
        "must be a whole number, got None",
    ),
    "version of text": (lambda p: edit_config(p, format_version="1"), "whole number, got '1'"),
    "unknown model key": (
        lambda p: edit_config(p, model={"layers": 3}),
        "unknown model settings: layers",
    ),
    "model is a number": (lambda p: edit_config(p, model=3), "is damaged"),
    "no data": (lambda p: edit_config(p, data={}), "is damaged: no 'spec'"),
    "no weights": (
        lambda p: (p / "weights.safetensors").unlink(),
        "weights.safetensors is missing",
    ),
    "no latents": (lambda p: (p / "latents.npz").unlink(), "latents.npz is missing"),
    "broken report": (lambda p: (p / "report.json").write_text("{}"), "is damaged"),
    "broken history": (lambda p: (p / "history.json").write_text("{"), "is not valid JSON"),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_folder_is_listed_with_its_reason_beside_the_good_one(
    save: Save, name: str
) -> None:
    breakage, reason = BREAKAGES[name]
    _, good = save("good")
    _, bad = save("bad")
    breakage(bad.path)
    with pytest.raises(CheckpointError, match=reason):
        read_checkpoint(bad.path)
    found = {entry.id: entry for entry in list_checkpoints(good.path.parent)}
    assert isinstance(found["good"], Checkpoint)
    assert isinstance(found["bad"], DamagedCheckpoint)
    assert "bad" in found["bad"].reason
    assert "\n" not in found["bad"].reason


def test_changed_weights_are_refused(save: Save) -> None:
    _, checkpoint = save()
    path = checkpoint.path / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        CheckpointError, match=r"weights.safetensors has changed since it was saved"
    ):
        load_model(checkpoint)


def test_weights_of_another_model_are_refused(save: Save) -> None:
    import hashlib

    _, checkpoint = save()
    content = safetensors.numpy.save({"encoder.layers.0.weight": np.zeros(3, np.float32)})
    (checkpoint.path / "weights.safetensors").write_bytes(content)
    edit_config(checkpoint.path, weights_sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(CheckpointError, match="do not fit the model"):
        load_model(read_checkpoint(checkpoint.path))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", pickle.dumps({"mean": 1})])
def test_broken_latents_are_refused_and_nothing_is_unpickled(save: Save, content: bytes) -> None:
    _, checkpoint = save()
    (checkpoint.path / "latents.npz").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"latents.npz cannot be read"):
        load_latents(checkpoint)


def test_object_arrays_are_refused(save: Save) -> None:
    _, checkpoint = save()
    np.savez(checkpoint.path / "latents.npz", mean=np.array([{}], dtype=object))
    with pytest.raises(CheckpointError, match=r"latents.npz cannot be read"):
        load_latents(checkpoint)


def test_latents_of_another_size_are_refused(save: Save) -> None:
    _, checkpoint = save()
    n = 4
    np.savez(
        checkpoint.path / "latents.npz",
        mean=np.zeros((n, 7), np.float32),
        split=np.zeros(n, np.uint8),
        index=np.arange(n),
    )
    with pytest.raises(CheckpointError, match="has 7 dimensions, the model 3"):
        load_latents(checkpoint)


def test_files_and_hidden_folders_are_not_checkpoints(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / ".one-x1").mkdir()
    assert list_checkpoints(tmp_path) == []
    assert list_checkpoints(tmp_path / "missing") == []
