"""The dictionary of sources, the digits, and what is said of names that are not in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from vaelab.data import (
    SOURCES,
    DataError,
    DataSpec,
    describe_source,
    load_dataset,
    resolve_source,
)


def test_digits_are_scikit_learns() -> None:
    splits = load_dataset()
    n = len(splits.train) + len(splits.validation) + len(splits.test)
    assert (n, splits.image_shape) == (1797, (1, 8, 8))
    original = load_digits().images[splits.test_indices] * (255 / 16)
    assert np.abs(splits.test.images[:, 0] - original).max() <= 0.5
    assert splits.train.images.max() == 255
    assert len(splits.class_names) == 10


def test_digits_in_another_shape() -> None:
    assert load_dataset("digits", image_size=32, colour="rgb").image_shape == (3, 32, 32)
    told = describe_source("digits", image_size=32, colour="rgb")
    assert (told.available, told.image_shape) == (True, (3, 32, 32))


def test_a_spec_says_everything() -> None:
    spec = DataSpec("digits", validation_fraction=0.2, test_fraction=0.3, seed=5)
    splits = load_dataset(spec)
    assert splits.spec == spec
    assert len(splits.test) == round(0.3 * 1797)
    again = load_dataset(DataSpec.from_dict(splits.spec.to_dict()))
    assert (again.validation_indices == splits.validation_indices).all()
    with pytest.raises(DataError, match="belong inside the DataSpec"):
        load_dataset(spec, seed=3)


def test_paths_become_absolute(image_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(image_folder.parent)
    splits = load_dataset("pictures")
    assert splits.spec.source == str(image_folder)
    assert resolve_source(Path("pictures")) == str(image_folder)


def test_a_name_inside_the_data_folder_stays_a_name(
    image_folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    splits = load_dataset("pictures", data_dir=image_folder.parent)
    assert splits.spec.source == "pictures"
    again = load_dataset(splits.spec, data_dir=image_folder.parent)
    assert again.fingerprint == splits.fingerprint == load_dataset(image_folder).fingerprint
    assert describe_source("pictures", data_dir=image_folder.parent).available
    with pytest.raises(DataError, match="There is no"):
        load_dataset("../pictures", data_dir=image_folder)


@pytest.mark.parametrize("source", ["", " ", "mnits"])
def test_unknown_names_name_the_choices(source: str) -> None:
    with pytest.raises(DataError, match="choose digits, mnist, fashion-mnist, or give the path"):
        load_dataset(source)
    told = describe_source(source)
    assert not told.available
    assert "choose digits" in told.message


@pytest.mark.parametrize("source", ["/no/such/folder", "images.zip", Path("nothing")])
def test_missing_paths(source: str | Path) -> None:
    with pytest.raises(DataError, match="There is no file or folder /"):
        load_dataset(source)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2")
    with pytest.raises(DataError, match="neither a folder nor a"):
        load_dataset(tmp_path / "x.csv")


def test_every_source_has_its_words() -> None:
    for name, info in SOURCES.items():
        assert info.title
        assert info.description.endswith(".")
        assert describe_source(name).message.endswith(".")
