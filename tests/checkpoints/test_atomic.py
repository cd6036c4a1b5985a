"""A reader sees the old checkpoint or the new one, never half and never none."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from vaelab.checkpoints import Checkpoint, CheckpointError, load_model, read_checkpoint
from vaelab.checkpoints.folder import replaced_folder
from vaelab.models import Model


def test_a_reader_beside_a_writer_never_meets_a_missing_or_half_folder(tmp_path: Path) -> None:
    target, stop = tmp_path / "folder", threading.Event()
    seen: set[tuple[str, ...]] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add(tuple(sorted(path.name for path in target.iterdir())))

    with replaced_folder(target) as folder:
        (folder / "a").write_text("0")
        (folder / "b").write_text("0")
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        with replaced_folder(target) as folder:
            (folder / "a").write_text(str(number))
            (folder / "b").write_text(str(number))
    stop.set()
    reader.join()
    # a listing that began in the old folder may find it being emptied, never the new one half
    assert ("a", "b") in seen
    assert (target / "a").read_text() == (target / "b").read_text() == "99"
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_weights_and_config_of_different_saves_are_not_mixed(
    save: Callable[..., tuple[Model, Checkpoint]], z: torch.Tensor
) -> None:
    _, old = save(seed=0)
    model, _ = save(seed=1)
    # a reader that read config.json before the folder was replaced
    with pytest.raises(CheckpointError, match="has changed since it was saved"):
        load_model(old)
    assert torch.equal(load_model(read_checkpoint(old.path)).decode(z).mean, model.decode(z).mean)


def test_what_a_killed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".one-old", tmp_path / ".one-fresh"
    for left in (old, fresh):
        left.mkdir()
        (left / "config.json").write_text("{}")
    os.utime(old, (0, 0))
    with replaced_folder(tmp_path / "one"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".one-fresh", "one"]
