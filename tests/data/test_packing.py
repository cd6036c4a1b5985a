"""Packing: the same images as in memory, resumable after a kill, damage found."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vaelab.data import DataError, DatasetSplits, load_dataset, packing
from vaelab.data.packing import PackPlan, Skip, is_packed, open_pack, pack, packing_watched
from vaelab.data.stored import PixelFile, StoredImages

SHAPE = (10, 1, 8, 8)
PIXELS = np.random.default_rng(0).integers(0, 256, SHAPE, dtype=np.uint8)


@pytest.fixture(autouse=True)
def blocks_of_three(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAELAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(packing, "BLOCK_BYTES", 3 * 64)


def plan(name: str = "some") -> PackPlan:
    return PackPlan(name, {"files": name}, SHAPE)


def fill(block: np.ndarray, first: int) -> list[Skip]:
    block[...] = PIXELS[first : first + len(block)]
    return [Skip(4, "four.png", "It is damaged.")] if first <= 4 < first + len(block) else []


def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACKED_FROM_BYTES", 2**40)


def in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACKED_FROM_BYTES", 0)
    monkeypatch.setattr("vaelab.data.stored.SMALL_BYTES", 0)


def test_packed_images_are_those_that_were_filled_in() -> None:
    shares: list[float] = []
    with packing_watched(shares.append):
        packed = pack(plan(), fill)
    assert shares == [0.3, 0.6, 0.9, 1.0]
    kept = np.delete(PIXELS, 4, axis=0)
    assert np.array_equal(np.asarray(packed.images), kept)
    assert [(s.path, s.reason) for s in packed.skipped] == [("four.png", "It is damaged.")]
    assert np.array_equal(packed.kept, np.arange(10) != 4)

    def never(block: np.ndarray, first: int) -> list[Skip]:
        raise AssertionError("it is packed already")

    assert np.array_equal(np.asarray(pack(plan(), never).images), kept)


@pytest.mark.parametrize("whole_blocks", [0, 1, 2])
@pytest.mark.parametrize("rest", [b"", b"half a block of pixels"])
def test_it_goes_on_after_the_last_whole_block(whole_blocks: int, rest: bytes) -> None:
    class KilledError(BaseException):
        pass

    def killed(block: np.ndarray, first: int) -> list[Skip]:
        if first == 3 * whole_blocks:
            raise KilledError
        return fill(block, first)

    with pytest.raises(KilledError):
        pack(plan(), killed)
    with (plan().folder / packing.IMAGES).open("ab") as file:
        file.write(rest)
    with (plan().folder / packing.BLOCKS).open("ab") as file:
        file.write(rest and b'{"sha256": "cut o')
    asked: list[int] = []

    def rest_of_it(block: np.ndarray, first: int) -> list[Skip]:
        asked.append(first)
        return fill(block, first)

    packed = pack(plan(), rest_of_it)
    assert asked == list(range(3 * whole_blocks, 10, 3))
    assert np.array_equal(np.asarray(packed.images), np.delete(PIXELS, 4, axis=0))
    assert len(packed.skipped) == 1


def test_a_block_that_was_damaged_meanwhile_is_made_again() -> None:
    test_it_goes_on_after_the_last_whole_block(2, b"")
    folder = plan("other").folder

    def killed(block: np.ndarray, first: int) -> list[Skip]:
        if first == 9:
            raise KeyboardInterrupt
        return fill(block, first)

    with pytest.raises(KeyboardInterrupt):
        pack(plan("other"), killed)
    content = bytearray((folder / packing.IMAGES).read_bytes())
    content[3 * 64] ^= 1  # the first pixel of the second block
    (folder / packing.IMAGES).write_bytes(content)
    again = pack(plan("other"), fill)
    assert np.array_equal(np.asarray(again.images), np.delete(PIXELS, 4, axis=0))


@pytest.mark.parametrize(
    "damage",
    ["pixel", "short", "long", "gone", "not json", "shape", "blocks", "row", "keys", "list"],
)
def test_a_damaged_pack_is_refused_with_what_to_delete(damage: str) -> None:
    pack(plan(), fill)
    images, manifest = plan().folder / packing.IMAGES, plan().folder / packing.MANIFEST
    said = json.loads(manifest.read_text())
    content = bytearray(images.read_bytes())
    if damage == "pixel":
        content[0] ^= 255
    images.write_bytes({"short": content[:-1], "long": content + b"x"}.get(damage, content))
    changed = {
        "shape": {"shape": [10, 1, 8, 9]},
        "blocks": {"blocks": said["blocks"][:-1]},
        "row": {
            "blocks": [
                {**b, "skipped": [{"row": 99, "path": "", "reason": ""}]} for b in said["blocks"]
            ]
        },
        "keys": {"blocks": [{"skipped": []}]},
    }.get(damage, {})
    text = {"not json": "{", "list": "[]"}.get(damage, json.dumps({**said, **changed}))
    manifest.write_text(text)
    if damage == "gone":
        images.unlink()
    with pytest.raises(DataError, match=r"The packed images of some in .* are damaged .* delete"):
        open_pack(plan())


def test_too_small_a_disk_is_said_before_anything_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packing, "SPARE_BYTES", 2**60)

    def never(block: np.ndarray, first: int) -> list[Skip]:
        raise AssertionError

    with pytest.raises(DataError, match="GiB are free"):
        pack(plan(), never)


def folder_of_images(root: Path) -> Path:
    rng = np.random.default_rng(1)
    for split, n in (("train", 12), ("test", 4)):
        for i in range(n):
            path = root / split / "ab"[i % 2] / f"{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)).save(path)
    (root / "train" / "a" / "broken.png").write_bytes(b"\x89PNG no more")
    return root


def array_file(root: Path) -> Path:
    rng = np.random.default_rng(2)
    path = root / "arrays.npz"
    root.mkdir(exist_ok=True)
    x = rng.integers(0, 256, (30, 9, 9, 4), dtype=np.uint8)
    np.savez(path, x=x, y=rng.integers(0, 2, 30), x_test=x[:7], y_test=np.arange(7) % 2)
    return path


def array_file_with_factors(root: Path) -> Path:
    rng = np.random.default_rng(3)
    root.mkdir(exist_ok=True)
    x, factors = rng.integers(0, 256, (30, 9, 9), dtype=np.uint8), rng.integers(0, 4, (30, 2))
    names = np.array(["place", "shape"])
    np.savez(root / "factors.npz", x=x, factors=factors, factor_names=names)
    return root / "factors.npz"


@pytest.mark.parametrize("make", [folder_of_images, array_file, array_file_with_factors])
def test_a_packed_source_is_the_source(
    make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(make)
    source = make(tmp_path / "source")
    in_memory(monkeypatch)
    small = load_dataset(source, image_size=8)
    in_a_file(monkeypatch)
    large, again = load_dataset(source, image_size=8), load_dataset(source, image_size=8)
    assert isinstance(large.train.images, StoredImages)
    assert large.fingerprint == again.fingerprint
    assert large.skipped == small.skipped
    for name in ("train", "validation", "test"):
        a, b = getattr(small, name), getattr(large, name)
        assert np.array_equal(a.images, np.asarray(b.images))
        assert np.array_equal(a.labels, b.labels)
        assert a.class_names == b.class_names
        assert np.array_equal(a.factors, b.factors)
        assert a.factor_names == b.factor_names


def test_a_changed_file_is_another_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder_of_images(tmp_path / "source")
    in_a_file(monkeypatch)
    before = load_dataset(source, image_size=8)
    path = source / "train" / "a" / "0.png"
    Image.new("RGB", (9, 12), "red").save(path)
    os.utime(path, (1, 1))
    after = load_dataset(source, image_size=8)
    assert packs() == 2
    assert before.fingerprint != after.fingerprint


def packs() -> int:
    return len(list((Path(os.environ["VAELAB_HOME"]) / "packed").iterdir()))


def test_small_sources_stay_in_memory() -> None:
    assert not is_packed(70_000, (1, 28, 28))
    assert is_packed(2_000_000, (3, 64, 64))


@pytest.fixture
def stored(tmp_path: Path) -> StoredImages:
    path = tmp_path / "pixels"
    PIXELS.tofile(path)
    return StoredImages(PixelFile(path, SHAPE, ""), np.array([7, 3, 4, 5, 0]))


def test_stored_images_are_indexed_as_arrays_are(
    stored: StoredImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = PIXELS[[7, 3, 4, 5, 0]]
    keys = [
        0,
        -1,
        np.int64(2),
        slice(1, 4),
        slice(None, None, 2),
        np.array([4, 4, 1]),
        [],
        slice(0),
    ]
    for key in keys:
        assert np.array_equal(stored[key], array[key]), key
    assert np.array_equal(stored[[0, 2], 0, 1:3], array[[0, 2], 0, 1:3])
    assert np.array_equal(stored[1, 0], array[1, 0])
    assert (stored.shape, len(stored), stored.nbytes) == (array.shape, 5, array.nbytes)
    assert isinstance(stored.view(np.array([1])), np.ndarray)
    monkeypatch.setattr("vaelab.data.stored.SMALL_BYTES", 0)
    later = stored.view(np.array([2, 0]))
    assert isinstance(later, StoredImages)
    assert np.array_equal(np.asarray(later), array[[2, 0]])


def test_more_than_memory_is_never_read_at_once(
    stored: StoredImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaelab.data.stored.MAX_COPIED_BYTES", 128)
    assert len(stored[:2]) == 2
    with pytest.raises(ValueError, match="at most 128 are read at once"):
        np.asarray(stored)
    with pytest.raises(ValueError, match=r"rows must lie in 0..9, got 10"):
        StoredImages(stored.file, np.array([10]))


def test_training_from_a_file_is_training_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from vaelab.models import ModelConfig, build_model
    from vaelab.training import EpochEnd, TrainConfig, fit

    source = array_file(tmp_path / "source")

    def ends(splits: DatasetSplits) -> list[object]:
        torch.manual_seed(0)
        model = build_model(ModelConfig(image_shape=(3, 8, 8), width=8, n_classes=2))
        config = TrainConfig(epochs=2, batch_size=4, compile="off")
        events = fit(model, splits.train, splits.validation, config)
        return [(e.train, e.validation) for e in events if isinstance(e, EpochEnd)]

    in_memory(monkeypatch)
    expected = ends(load_dataset(source, image_size=8))
    in_a_file(monkeypatch)
    splits = load_dataset(source, image_size=8)
    assert isinstance(splits.train.images, StoredImages)
    assert ends(splits) == expected
