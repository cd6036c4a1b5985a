"""Save, load, decode: bit-equal, and self-describing wherever the folder lies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vaelab.checkpoints import (
    Checkpoint,
    CheckpointError,
    delete_checkpoint,
    list_checkpoints,
    load_latents,
    load_mixture,
    load_model,
    load_splits,
    read_checkpoint,
    update_report,
)
from vaelab.data import DatasetSplits
from vaelab.evaluation import QUICK, evaluate
from vaelab.models import Model

Save = Callable[..., tuple[Model, Checkpoint]]

FAMILIES: list[dict[str, Any]] = [
    {},
    {"n_classes": 10, "prior": "class_gaussian", "likelihood": "gaussian_shared"},
    {"family": "autoencoder", "network": "conv"},
    {"network": "conv", "likelihood": "gaussian"},
]


@pytest.mark.parametrize("settings", FAMILIES)
def test_a_loaded_model_decodes_bit_equal(
    save: Save, z: torch.Tensor, settings: dict[str, Any]
) -> None:
    model, checkpoint = save(**settings)
    loaded = load_model(checkpoint)
    y = torch.tensor([0, 1, 2, 9]) if checkpoint.model_config.is_conditional else None
    assert torch.equal(model.decode(z, y).mean, loaded.decode(z, y).mean)
    assert loaded.config == model.config
    assert not any(p.requires_grad for p in loaded.parameters())


def test_a_copied_folder_just_appears(save: Save, tmp_path: Path, z: torch.Tensor) -> None:
    model, checkpoint = save()
    elsewhere = tmp_path / "other machine"
    shutil.copytree(checkpoint.path, elsewhere / "renamed")
    (found,) = list_checkpoints(elsewhere)
    assert isinstance(found, Checkpoint)
    assert found.id == "renamed"
    assert found.class_names == tuple("0123456789")
    assert found.epoch == 2
    assert found.report is None
    assert torch.equal(load_model(found).decode(z).mean, model.decode(z).mean)


def test_latents_and_splits_come_back(save: Save, splits: DatasetSplits) -> None:
    model, checkpoint = save()
    latents = load_latents(checkpoint)
    assert len(latents) == len(splits.train) + len(splits.test)
    x = torch.from_numpy(splits.test.images[:5]).float() / 255
    posterior = model.encode(x)
    tested = latents.of_split("test")
    np.testing.assert_allclose(tested.mean[:5], posterior.mean.detach(), atol=1e-6)
    assert posterior.log_var is not None
    assert tested.log_var is not None
    np.testing.assert_allclose(tested.log_var[:5], posterior.log_var.detach(), rtol=1e-3)
    assert splits.test.labels is not None
    assert tested.labels is not None
    np.testing.assert_array_equal(tested.labels, splits.test.labels)
    stored = load_splits(checkpoint)
    np.testing.assert_array_equal(stored["test"], splits.test_indices)
    np.testing.assert_array_equal(stored["validation"], splits.validation_indices)


def test_an_autoencoder_brings_its_mixture_and_a_vae_none(save: Save) -> None:
    _, checkpoint = save(family="autoencoder")
    mixture = load_mixture(checkpoint)
    assert mixture is not None
    assert mixture.sample(5).shape == (5, 3)
    assert load_mixture(save("two")[1]) is None


def test_the_report_can_be_added_later(save: Save, splits: DatasetSplits) -> None:
    model, checkpoint = save()
    report = evaluate(model, splits.test, settings=QUICK)
    updated = update_report(checkpoint, report)
    assert updated.report == report
    assert read_checkpoint(checkpoint.path).report == report


def test_saving_again_replaces_and_leaves_nothing_behind(save: Save, z: torch.Tensor) -> None:
    save(seed=0)
    model, checkpoint = save(seed=1)
    assert torch.equal(load_model(checkpoint).decode(z).mean, model.decode(z).mean)
    assert [path.name for path in checkpoint.path.parent.iterdir()] == ["one"]


def test_a_failed_save_keeps_the_old_checkpoint(
    save: Save, monkeypatch: pytest.MonkeyPatch, z: torch.Tensor
) -> None:
    model, checkpoint = save(seed=0)

    def full_disk(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full_disk)
        with pytest.raises(OSError, match="No space left"):
            save(seed=1)
    kept = load_model(read_checkpoint(checkpoint.path))
    assert torch.equal(kept.decode(z).mean, model.decode(z).mean)
    assert [path.name for path in checkpoint.path.parent.iterdir()] == ["one"]


def test_deleting_removes_the_folder_but_never_a_bundled_one(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, checkpoint = save("digits-cvae")
    monkeypatch.setattr("vaelab.settings.PROJECT", checkpoint.path.parent.parent)
    with pytest.raises(CheckpointError, match="came with the project"):
        delete_checkpoint(checkpoint)
    monkeypatch.undo()
    delete_checkpoint(checkpoint)
    assert list(checkpoint.path.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a b", "x" * 101, "-flag"])
def test_names_that_are_not_plain_folder_names_are_refused(save: Save, name: str) -> None:
    with pytest.raises(ValueError, match="a checkpoint's name must be"):
        save(name)
