"""Which split and class a file belongs to, from its path alone.

    cat/1.png                     a class a folder
    train/cat/1.png test/cat/...  with a test split of its own
    1.png                         no folders: images without labels
    anything/cat/1.png            folders that hold everything else are looked through

A folder named val or validation next to train is the test split where there is no test folder,
and training images otherwise: the validation part is always split off by the seed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from vaelab.data.dataset import SkippedFile

TRAIN_NAMES = ("train", "training")
TEST_NAMES = ("test", "testing")
VALIDATION_NAMES = ("val", "valid", "validation")


@dataclass(frozen=True)
class Placed:
    """File number `index` belongs to class number `label` (None: no labels)."""

    index: int
    label: int | None


@dataclass(frozen=True)
class Layout:
    """Files sorted into parts; `test` is None where the source has no test split of its own."""

    train: tuple[Placed, ...]
    test: tuple[Placed, ...] | None
    class_names: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]


def arrange(paths: Sequence[PurePosixPath]) -> Layout:
    """Sort relative paths of image files into splits and classes; see the module."""
    parts = _without_shared_top([path.parts for path in paths])
    splits = [_split_of(p) for p in parts]
    if "train" not in splits:
        return _label(paths, parts, range(len(paths)), None, [])
    held_out = "test" if "test" in splits else "validation"
    inner = [p[1:] for p in parts]
    test = [i for i, split in enumerate(splits) if split == held_out]
    train = [i for i, split in enumerate(splits) if split and split != held_out]
    skipped = [
        SkippedFile(str(paths[i]), "It is outside the folders train and test.")
        for i, split in enumerate(splits)
        if split is None
    ]
    return _label(paths, inner, train, test or None, skipped)


def is_hidden(path: PurePosixPath) -> bool:
    """Whether an operating system or archiver put this file there, not the user."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts class 2 before class 10."""
    pieces = re.split(r"(\d+)", text)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p.casefold()) for p in pieces if p)


def _without_shared_top(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Drop leading folders that all files share, as long as most files have a folder below them."""
    while True:
        tops = {p[0] for p in parts if len(p) > 1}
        deep = sum(len(p) > 2 for p in parts)
        shared = len(tops) == 1 and all(len(p) > 1 for p in parts)
        if not shared or 2 * deep <= len(parts):
            return parts
        parts = [p[1:] for p in parts]


def _split_of(parts: tuple[str, ...]) -> str | None:
    top = parts[0].casefold() if len(parts) > 1 else ""
    for name, spellings in (
        ("train", TRAIN_NAMES),
        ("test", TEST_NAMES),
        ("validation", VALIDATION_NAMES),
    ):
        if top in spellings:
            return name
    return None


def _label(
    paths: Sequence[PurePosixPath],
    parts: Sequence[tuple[str, ...]],
    train: Sequence[int],
    test: Sequence[int] | None,
    skipped: list[SkippedFile],
) -> Layout:
    classes = sorted({parts[i][0] for i in train if len(parts[i]) > 1}, key=natural_key)
    if not classes:
        unlabelled = None if test is None else tuple(Placed(i, None) for i in test)
        return Layout(tuple(Placed(i, None) for i in train), unlabelled, (), tuple(skipped))
    number = {name: label for label, name in enumerate(classes)}

    def place(indices: Sequence[int]) -> tuple[Placed, ...]:
        placed = []
        for i in indices:
            folder = parts[i][0] if len(parts[i]) > 1 else None
            if folder in number:
                placed.append(Placed(i, number[folder]))
            elif folder is None:
                skipped.append(SkippedFile(str(paths[i]), "It is in no class folder."))
            else:
                reason = f"The class {folder!r} has no training images."
                skipped.append(SkippedFile(str(paths[i]), reason))
        return tuple(placed)

    placed_train = place(train)
    placed_test = (place(test) or None) if test is not None else None
    return Layout(placed_train, placed_test, tuple(classes), tuple(skipped))
