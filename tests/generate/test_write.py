"""Files of many pictures: read back, they are what the model decodes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from vaelab.checkpoints import Checkpoint
from vaelab.data import DataSpec
from vaelab.generate import SampleRequest, write_samples
from vaelab.generate.write import BATCH, class_folders
from vaelab.models import Model, ModelConfig, build_model


def described(config: ModelConfig) -> Checkpoint:
    """A checkpoint of which nothing lies on the disk."""
    return Checkpoint(
        id="small",
        path=Path("nowhere"),
        model_config=config,
        train_config={},
        data_spec=DataSpec("digits"),
        data_name="digits",
        data_fingerprint="",
        class_names=tuple("abc"),
        split_sizes={},
        created="",
        epoch=1,
        n_parameters=1,
        weights_sha256="0" * 64,
        history=(),
        report=None,
    )


@pytest.fixture(scope="module")
def conditional() -> tuple[Checkpoint, Model]:
    config = ModelConfig(latent_dim=2, width=8, n_classes=3)
    return described(config), build_model(config)


@pytest.fixture(scope="module")
def plain() -> tuple[Checkpoint, Model]:
    config = ModelConfig(latent_dim=2, width=8)
    return described(config), build_model(config)


def test_an_npz_holds_codes_labels_and_their_pictures(
    conditional: tuple[Checkpoint, Model], tmp_path: Path
) -> None:
    checkpoint, model = conditional
    n = BATCH  # of each class: more than a batch in all, and a ragged rest of none
    told: list[tuple[int, int]] = []
    request = SampleRequest(n - 1, per_class=True, format="npz", seed=3)
    path = tmp_path / "a.npz"
    samples = write_samples(checkpoint, model, request, path, lambda *at: told.append(at))
    with np.load(path, allow_pickle=False) as file:
        x, z, labels = file["x"], file["z"], file["labels"]
    assert (x.shape, x.dtype) == ((3 * (n - 1), 1, 8, 8), np.uint8)
    assert np.bincount(labels).tolist() == [n - 1] * 3
    assert told[-1] == (samples.n, samples.n) == (3 * (n - 1), 3 * (n - 1))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    with torch.inference_mode():
        mean = model.decode(torch.from_numpy(z), torch.from_numpy(labels)).mean.numpy()
    assert np.abs(x - mean * 255).max() <= 0.51
    assert np.std(z, axis=0) == pytest.approx([1, 1], abs=0.15)
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_a_zip_has_a_folder_a_class_a_sheet_and_its_origin(
    conditional: tuple[Checkpoint, Model], tmp_path: Path
) -> None:
    checkpoint, model = conditional
    samples = write_samples(checkpoint, model, SampleRequest(7), tmp_path / "a.zip")
    with zipfile.ZipFile(samples.path) as archive:
        names = archive.namelist()
        picture = Image.open(io.BytesIO(archive.read("b/00001.png")))
        about = json.loads(archive.read("samples.json"))
        assert archive.read("contact-sheet.png") == samples.sheet
    assert names[:4] == ["a/00000.png", "b/00001.png", "c/00002.png", "a/00003.png"]
    assert len(names) == 7 + 2
    assert (picture.size, picture.mode) == ((8, 8), "L")
    assert (about["model"], about["seed"], about["temperature"]) == ("small", 0, 1.0)


def test_the_same_seed_makes_the_same_file_and_another_does_not(
    plain: tuple[Checkpoint, Model], tmp_path: Path
) -> None:
    files = [
        write_samples(*plain, SampleRequest(20, seed=seed), tmp_path / f"{i}.zip").path.read_bytes()
        for i, seed in enumerate((1, 1, 2))
    ]
    assert files[0] == files[1] != files[2]


def test_temperature_scales_the_draws_and_0_leaves_the_mean(
    plain: tuple[Checkpoint, Model], tmp_path: Path
) -> None:
    codes = []
    for temperature in (1.0, 0.5, 0.0):
        request = SampleRequest(9, temperature=temperature, format="npz")
        path = write_samples(*plain, request, tmp_path / "a.npz").path
        with np.load(path, allow_pickle=False) as file:
            codes.append(file["z"])
            assert "labels" not in file.files
    np.testing.assert_allclose(codes[1], 0.5 * codes[0], rtol=1e-6)
    assert not codes[2].any()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"n": 0}, r"n must lie in 1..100,000, got 0"),
        ({"n": 100_001}, r"n must lie in 1..100,000"),
        ({"n": 1, "temperature": -1}, "temperature must lie in 0..3, got -1"),
        ({"n": 1, "temperature": float("nan")}, "temperature must lie in 0..3"),
        ({"n": 1, "seed": -1}, "seed must lie in"),
        ({"n": 1, "format": "gif"}, "format must be one of png, npz, got 'gif'"),
    ],
)
def test_what_cannot_be_drawn_is_said(settings: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SampleRequest(**settings)  # type: ignore[arg-type]


def test_too_much_and_classes_that_are_not_there_leave_no_file(
    plain: tuple[Checkpoint, Model], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="needs a model that takes a class"):
        write_samples(*plain, SampleRequest(1, per_class=True), tmp_path / "a.zip")
    large = ModelConfig(image_shape=(3, 128, 128), n_classes=1000)
    with pytest.raises(ValueError, match=r"100,000,000 pictures .* at most 100,000 pictures"):
        SampleRequest(100_000, per_class=True).total(large)
    assert list(tmp_path.iterdir()) == []


def test_folders_are_safe_and_apart() -> None:
    assert class_folders(("0", "T-shirt/top", "Größe")) == ["0", "T-shirt_top", "Größe"]
    assert class_folders(("a", "A")) == ["000-a", "001-A"]
    assert class_folders(("..", "b")) == ["000-", "001-b"]
