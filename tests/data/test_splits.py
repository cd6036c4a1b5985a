"""The parts are disjoint, complete, stratified, and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from vaelab.data import DataError, DataSpec, ImageDataset, fingerprint, make_splits
from vaelab.data.source import SourceImages

SPEC = DataSpec("digits")


def _dataset(n: int, labels: np.ndarray | None = None, split: str = "all") -> ImageDataset:
    """Images whose first pixels count from 0, so that each can be told from the others."""
    images = np.zeros((n, 1, 8, 8), np.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = np.arange(n) % 256, np.arange(n) // 256
    names = () if labels is None else tuple(str(i) for i in range(int(labels.max()) + 1))
    return ImageDataset("some", images, labels, names, split)


def _numbers(dataset: ImageDataset) -> np.ndarray:
    return dataset.images[:, 0, 0, 0] + 256 * dataset.images[:, 0, 0, 1].astype(np.int64)


@pytest.mark.parametrize("n", [3, 4, 10, 57, 500])
def test_parts_are_disjoint_and_complete(n: int) -> None:
    splits = make_splits(SourceImages(_dataset(n)), SPEC)
    numbers = [_numbers(part) for part in (splits.train, splits.validation, splits.test)]
    assert all(len(part) for part in numbers)
    assert sorted(np.concatenate(numbers)) == list(range(n))
    assert (numbers[1] == splits.validation_indices).all()
    assert (numbers[2] == splits.test_indices).all()
    assert (np.diff(splits.test_indices) > 0).all()


def test_part_names_and_sizes() -> None:
    splits = make_splits(SourceImages(_dataset(1000)), SPEC)
    parts = [splits.train, splits.validation, splits.test]
    assert [part.split for part in parts] == ["train", "validation", "test"]
    assert [len(part) for part in parts] == [810, 90, 100]


def test_same_seed_same_split_other_seed_other_split() -> None:
    source = SourceImages(_dataset(200))
    once, again = make_splits(source, SPEC), make_splits(source, SPEC)
    other = make_splits(source, DataSpec("digits", seed=1))
    assert (once.validation_indices == again.validation_indices).all()
    assert (once.validation_indices != other.validation_indices).any()
    assert once.fingerprint == again.fingerprint == other.fingerprint


def test_every_class_keeps_its_share() -> None:
    labels = np.repeat(np.arange(3), (600, 300, 100)).astype(np.int64)
    splits = make_splits(SourceImages(_dataset(1000, labels)), SPEC)
    assert np.bincount(splits.test.labels).tolist() == [60, 30, 10]
    assert np.bincount(splits.validation.labels).tolist() == [54, 27, 9]
    assert np.bincount(splits.train.labels).tolist() == [486, 243, 81]


def test_rare_classes_give_one_image_and_keep_one() -> None:
    labels = np.repeat(np.arange(3), (96, 2, 4)).astype(np.int64)
    splits = make_splits(SourceImages(_dataset(102, labels)), SPEC)
    assert len(splits.test) == 10
    assert np.bincount(splits.test.labels, minlength=3).tolist() == [8, 1, 1]


def test_a_class_of_one_image_falls_back_to_plain_sampling() -> None:
    labels = np.array([0] * 99 + [1], np.int64)
    splits = make_splits(SourceImages(_dataset(100, labels)), SPEC)
    assert len(splits.test) == 10


def test_a_test_part_of_its_own_is_kept_whole_and_in_order() -> None:
    source = SourceImages(_dataset(50), _dataset(20, split="test"))
    splits = make_splits(source, SPEC)
    assert _numbers(splits.test).tolist() == list(range(20))
    assert splits.test_indices.tolist() == list(range(50, 70))
    assert (len(splits.train), len(splits.validation)) == (45, 5)


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_images(n: int) -> None:
    with pytest.raises(DataError, match=f"some holds {n} usable image"):
        make_splits(SourceImages(_dataset(n)), SPEC)


def test_fingerprint_tells_images_labels_and_parts_apart() -> None:
    labels = np.zeros(10, np.int64)
    changed = _dataset(10)
    changed.images[3, 0, 4, 4] = 1
    sources = [
        SourceImages(_dataset(10)),
        SourceImages(changed),
        SourceImages(_dataset(10, labels)),
        SourceImages(_dataset(5), _dataset(5)),
    ]
    assert len({fingerprint(source) for source in sources}) == 4
    assert fingerprint(sources[0]) == fingerprint(SourceImages(_dataset(10)))
