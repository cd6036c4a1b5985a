"""From paths alone: which split, which class."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from vaelab.data.layout import arrange, is_hidden, natural_key


def _arranged(*paths: str) -> tuple[list[str], list[str] | None, tuple[str, ...]]:
    """`path:label` of the training and test files, and the class names."""
    layout = arrange([PurePosixPath(path) for path in paths])

    def show(placed: object) -> list[str]:
        return [f"{paths[p.index]}:{p.label}" for p in placed]

    test = None if layout.test is None else show(layout.test)
    return show(layout.train), test, layout.class_names


def test_a_class_a_folder() -> None:
    assert _arranged("b/1.png", "a/1.png", "b/x/2.png") == (
        ["b/1.png:1", "a/1.png:0", "b/x/2.png:1"],
        None,
        ("a", "b"),
    )


def test_train_and_test_above() -> None:
    train, test, names = _arranged("train/a/1.png", "train/b/1.png", "test/b/2.png")
    assert (train, test, names) == (
        ["train/a/1.png:0", "train/b/1.png:1"],
        ["test/b/2.png:1"],
        ("a", "b"),
    )


def test_no_folders_no_labels() -> None:
    assert _arranged("1.png", "2.png") == (["1.png:None", "2.png:None"], None, ())


def test_train_and_test_without_classes() -> None:
    assert _arranged("train/1.png", "test/2.png") == (["train/1.png:None"], ["test/2.png:None"], ())


@pytest.mark.parametrize("top", ["set/", "one/two/"])
def test_a_folder_round_everything_is_looked_through(top: str) -> None:
    paths = ("train/a/1.png", "train/b/1.png", "test/a/1.png")
    train, test, names = _arranged(*(top + path for path in paths))
    assert (len(train), len(test or ()), names) == (2, 1, ("a", "b"))


def test_a_stray_file_beside_the_classes_does_not_hide_them() -> None:
    layout = arrange([PurePosixPath(p) for p in ("set/a/1.png", "set/b/1.png", "set/cover.png")])
    assert layout.class_names == ("a", "b")
    assert [s.path for s in layout.skipped] == ["set/cover.png"]


def test_one_class_stays_one_class() -> None:
    assert _arranged("cats/1.png", "cats/2.png")[2] == ("cats",)


def test_validation_is_test_only_where_there_is_no_test() -> None:
    train, test, _ = _arranged("train/a/1.png", "val/a/2.png")
    assert (train, test) == (["train/a/1.png:0"], ["val/a/2.png:0"])
    train, test, _ = _arranged("Train/a/1.png", "val/a/2.png", "test/a/3.png")
    assert (train, test) == (["Train/a/1.png:0", "val/a/2.png:0"], ["test/a/3.png:0"])


def test_what_fits_nowhere_is_skipped_with_its_reason() -> None:
    paths = ("train/a/1.png", "train/2.png", "test/new/3.png", "extra/4.png")
    layout = arrange([PurePosixPath(p) for p in paths])
    assert {s.path: s.reason for s in layout.skipped} == {
        "train/2.png": "It is in no class folder.",
        "test/new/3.png": "The class 'new' has no training images.",
        "extra/4.png": "It is outside the folders train and test.",
    }
    assert layout.test is None


def test_classes_in_natural_order() -> None:
    names = ["10", "9", "b2", "b10", "B1"]
    assert sorted(names, key=natural_key) == ["9", "10", "B1", "b2", "b10"]


@pytest.mark.parametrize("path", [".git/a.png", "a/.hidden.png", "__MACOSX/a/._1.png"])
def test_hidden(path: str) -> None:
    assert is_hidden(PurePosixPath(path))
    assert not is_hidden(PurePosixPath("a/b.png"))
