"""MNIST and Fashion-MNIST from files; what is said when they are absent, mixed up or changed."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from vaelab.data import DataError, describe_source, load_dataset
from vaelab.data.idx import write_idx
from vaelab.data.mnist import CHECKSUMS, FILES


def test_loads_with_its_own_test_part(mnist_dir: Path) -> None:
    splits = load_dataset("mnist", data_dir=mnist_dir)
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (90, 10, 20)
    assert splits.image_shape == (1, 28, 28)
    assert splits.class_names == tuple("0123456789")
    assert splits.test.labels.tolist() == [i % 10 for i in range(20)]


def test_fashion_has_its_names(mnist_dir: Path) -> None:
    (mnist_dir / "mnist").rename(mnist_dir / "fashion-mnist")
    splits = load_dataset("fashion-mnist", data_dir=mnist_dir)
    assert splits.class_names[9] == "Ankle boot"


def test_unzipped_files_are_read_too(mnist_dir: Path) -> None:
    expected = load_dataset("mnist", data_dir=mnist_dir).fingerprint
    for file in FILES:
        path = mnist_dir / "mnist" / file
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert load_dataset("mnist", data_dir=mnist_dir).fingerprint == expected


def test_resized_and_coloured(mnist_dir: Path) -> None:
    splits = load_dataset("mnist", data_dir=mnist_dir, image_size=16, colour="rgb")
    assert splits.image_shape == (3, 16, 16)
    assert (splits.train.images[:, 0] == splits.train.images[:, 2]).all()


@pytest.mark.parametrize("gone", range(4))
def test_a_missing_file_and_its_folder_are_named(mnist_dir: Path, gone: int) -> None:
    (mnist_dir / "mnist" / FILES[gone]).unlink()
    with pytest.raises(DataError) as caught:
        load_dataset("mnist", data_dir=mnist_dir, download=False)
    folder = mnist_dir / "mnist"
    assert str(caught.value) == f"MNIST is incomplete; put the file {FILES[gone]} into {folder}."


def test_described_from_the_headers(mnist_dir: Path) -> None:
    told = describe_source("mnist", data_dir=mnist_dir)
    assert told.available
    assert (told.n_images, told.n_test, told.image_shape) == (120, 20, (1, 28, 28))
    absent = describe_source("fashion-mnist", data_dir=mnist_dir)
    assert not absent.available
    assert all(name in absent.message for name in FILES)


def test_numbers_of_images_and_labels_must_agree(mnist_dir: Path) -> None:
    write_idx(mnist_dir / "mnist" / FILES[1], np.zeros(99, np.uint8))
    with pytest.raises(DataError, match=r"100 images and .* 99 labels"):
        load_dataset("mnist", data_dir=mnist_dir)


def test_labels_must_be_classes(mnist_dir: Path) -> None:
    write_idx(mnist_dir / "mnist" / FILES[3], np.full(20, 10, np.uint8))
    with pytest.raises(DataError, match=r"the label 10; labels must lie in 0\.\.9"):
        load_dataset("mnist", data_dir=mnist_dir)


def test_images_and_labels_exchanged(mnist_dir: Path) -> None:
    folder = mnist_dir / "mnist"
    (folder / FILES[0]).write_bytes((folder / FILES[1]).read_bytes())
    with pytest.raises(DataError, match="magic number"):
        load_dataset("mnist", data_dir=mnist_dir, download=False)


def test_checksums_are_verified_when_there(mnist_dir: Path) -> None:
    folder = mnist_dir / "mnist"
    lines = [f"{hashlib.sha256((folder / f).read_bytes()).hexdigest()}  {f}\n" for f in FILES]
    (folder / CHECKSUMS).write_text("".join(lines))
    load_dataset("mnist", data_dir=mnist_dir)
    write_idx(folder / FILES[3], np.zeros(20, np.uint8))
    with pytest.raises(DataError, match=r"t10k-labels.* does not match its checksum"):
        load_dataset("mnist", data_dir=mnist_dir)
