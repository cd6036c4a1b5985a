"""Image folders, good, odd and broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vaelab.data import DataError, describe_source, load_dataset

Encode = Callable[..., bytes]


def _fill(folder: Path, data: bytes, n: int = 4, suffix: str = "png") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(n):
        (folder / f"{i}.{suffix}").write_bytes(data)


def test_mixed_sizes_become_squares(image_folder: Path) -> None:
    splits = load_dataset(image_folder, image_size=24)
    assert splits.image_shape == (3, 24, 24)
    assert splits.class_names == ("cat", "dog", "owl")
    assert (len(splits.train) + len(splits.validation), len(splits.test)) == (24, 6)
    assert splits.test.labels.tolist() == [0, 0, 1, 1, 2, 2]
    # every picture is of one colour, which cropping and resizing keep
    assert (splits.test.images[3] == np.array([80, 20, 200])[:, None, None]).all()
    assert splits.skipped == ()


def test_default_side_and_name(image_folder: Path) -> None:
    splits = load_dataset(str(image_folder))
    assert (splits.image_shape, splits.name) == ((3, 32, 32), "pictures")


def test_description_is_what_is_loaded(image_folder: Path) -> None:
    told = describe_source(image_folder, image_size=16)
    splits = load_dataset(image_folder, image_size=16)
    assert told.available
    assert told.image_shape == splits.image_shape
    assert told.class_names == splits.class_names
    assert (told.n_images, told.n_test) == (30, len(splits.test))


def test_centre_is_kept(tmp_path: Path, encode: Encode) -> None:
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 255
    _fill(tmp_path / "flat", encode(wide))
    assert (load_dataset(tmp_path / "flat", image_size=10).train.images == 255).all()


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("PNG", "png"), ("JPEG", "JPG"), ("WEBP", "webp"), ("BMP", "bmp"), ("GIF", "gif")],
)
def test_formats(tmp_path: Path, encode: Encode, kind: str, suffix: str) -> None:
    picture = np.full((20, 20, 3), (255, 0, 0), np.uint8)
    _fill(tmp_path / "a", encode(picture, kind), suffix=suffix)
    images = load_dataset(tmp_path / "a", image_size=8).train.images
    assert images.shape[1] == 3
    assert np.abs(images.mean((0, 2, 3)) - (255, 0, 0)).max() < 3


def test_colour_is_found_or_asked_for(tmp_path: Path, encode: Encode) -> None:
    grey = np.full((9, 9, 3), 70, np.uint8)
    _fill(tmp_path / "x", encode(grey))
    assert load_dataset(tmp_path / "x").image_shape[0] == 1
    assert load_dataset(tmp_path / "x", colour="rgb").image_shape[0] == 3
    (tmp_path / "x" / "z.png").write_bytes(encode(np.full((9, 9, 3), (9, 0, 200), np.uint8)))
    assert load_dataset(tmp_path / "x").image_shape[0] == 3
    assert load_dataset(tmp_path / "x", colour="grey").image_shape[0] == 1


def test_flat_folder_has_no_labels(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "flat", encode(np.zeros((9, 9), np.uint8)), n=10)
    splits = load_dataset(tmp_path / "flat")
    assert splits.train.labels is None
    assert splits.class_names == ()


def test_one_class_loads(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "set" / "cats", encode(np.zeros((9, 9), np.uint8)))
    splits = load_dataset(tmp_path / "set")
    assert splits.class_names == ("cats",)


def test_unreadable_files_are_listed_not_fatal(image_folder: Path, encode: Encode) -> None:
    cats = image_folder / "train" / "cat"
    (cats / "text.png").write_text("I am no picture")
    (cats / "cut.png").write_bytes(encode(np.zeros((99, 99, 3), np.uint8))[:60])
    (cats / "empty.png").touch()
    (cats / "photo.heic").write_bytes(b"heic")
    (cats / "notes.txt").write_text("not counted among the pictures")
    (cats / ".DS_Store").write_bytes(b"x")
    (image_folder / "test" / "dog" / "gone.png").symlink_to("nowhere.png")
    splits = load_dataset(image_folder)
    reasons = {s.path: s.reason for s in splits.skipped}
    assert set(reasons) == {
        "train/cat/text.png",
        "train/cat/cut.png",
        "train/cat/empty.png",
        "train/cat/photo.heic",
        "test/dog/gone.png",
    }
    assert "is not a picture" in reasons["train/cat/text.png"]
    assert "damaged" in reasons["train/cat/cut.png"]
    assert len(splits.train) + len(splits.validation) == 24


def test_all_unreadable(tmp_path: Path) -> None:
    _fill(tmp_path / "bad" / "a", b"text")
    with pytest.raises(DataError, match=r"no readable training image \(the first: a/0.png: "):
        load_dataset(tmp_path / "bad")


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no image file; it needs png, jpg"):
        load_dataset(tmp_path)
    assert not describe_source(tmp_path).available


def test_too_few(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "few", encode(np.zeros((9, 9), np.uint8)), n=2)
    with pytest.raises(DataError, match="few holds 2 usable images"):
        load_dataset(tmp_path / "few")


def test_photographs_are_turned_by_their_exif(tmp_path: Path, encode: Encode) -> None:
    picture = np.zeros((16, 16), np.uint8)
    picture[:8] = 255  # light above
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    _fill(tmp_path / "a", encode(picture, "JPEG", exif=exif, quality=95), suffix="jpg")
    images = load_dataset(tmp_path / "a", image_size=16).train.images
    assert images[:, :, :7].max() < 30
    assert images[:, :, 9:].min() > 225


def test_transparent_pixels_become_white(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "a", encode(np.zeros((9, 9, 4), np.uint8)))
    splits = load_dataset(tmp_path / "a", image_size=9)
    assert splits.image_shape[0] == 1
    assert (splits.train.images == 255).all()


def test_links_in_a_circle_end(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "x" / "a", encode(np.zeros((9, 9), np.uint8)))
    (tmp_path / "x" / "a" / "again").symlink_to(tmp_path / "x")
    assert describe_source(tmp_path / "x").n_images == 4


def test_order_does_not_depend_on_the_file_system(image_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for path in sorted(image_folder.rglob("*.png"), reverse=True):
        target = other / path.relative_to(image_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert load_dataset(other).fingerprint == load_dataset(image_folder).fingerprint


def test_a_class_of_unreadable_files_is_no_class(image_folder: Path) -> None:
    for file in (image_folder / "train" / "dog").iterdir():
        file.write_text("no picture")
    splits = load_dataset(image_folder)
    assert splits.class_names == ("cat", "owl")
    assert set(splits.train.labels) == {0, 1}
    assert splits.test.labels.tolist() == [0, 0, 1, 1]
    assert len(splits.skipped) == 8


def test_what_is_no_plain_file_and_archives_inside_are_named(image_folder: Path) -> None:
    os.mkfifo(image_folder / "train" / "cat" / "pipe.png")
    (image_folder / "train" / "cat" / "gone.png").symlink_to("nowhere")
    (image_folder / "train" / "cat" / "more.zip").write_bytes(b"PK")
    reasons = {Path(f.path).name: f.reason for f in load_dataset(image_folder).skipped}
    assert reasons == {
        "pipe.png": "It is a device or a pipe, no file.",
        "gone.png": "It is a link to a file that is not there.",
        "more.zip": "An archive inside is not opened; unpack it.",
    }


def test_one_is_not_a_plural(tmp_path: Path, encode: Encode) -> None:
    _fill(tmp_path / "mine" / "cat", encode(np.zeros((9, 9), np.uint8)), 1)
    told = describe_source(tmp_path / "mine")
    assert told.message == "Folder of 1 image, 1 class, resized to 32x32."
