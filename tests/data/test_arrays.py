"""npz files: shapes, types and ranges that are read, and those that are not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vaelab.data import DataError, ImageDataset, describe_source, load_dataset


@pytest.fixture
def x(rng: np.random.Generator) -> np.ndarray:
    images = rng.integers(0, 256, (20, 9, 10, 3), dtype=np.uint8)
    images[0, 0, 0] = (0, 255, 7)
    return images


def _save(path: Path, **arrays: Any) -> Path:
    np.savez_compressed(path, **arrays)
    return path


def _all(path: Path, **options: Any) -> ImageDataset:
    """The images and labels in the file's order again."""
    splits = load_dataset(path, **options)
    n = len(splits.train) + len(splits.validation) + len(splits.test)
    rest = np.setdiff1d(np.arange(n), np.r_[splits.validation_indices, splits.test_indices])
    order = np.argsort(np.r_[rest, splits.validation_indices, splits.test_indices])
    parts = (splits.train, splits.validation, splits.test)
    labels = None
    if splits.train.labels is not None:
        labels = np.concatenate([p.labels for p in parts if p.labels is not None])[order]
    images = np.concatenate([p.images for p in parts])[order]
    return ImageDataset(splits.name, images, labels, splits.class_names)


def test_channels_last_first_and_none(tmp_path: Path, x: np.ndarray) -> None:
    first = np.ascontiguousarray(np.moveaxis(x, -1, 1))
    assert (_all(_save(tmp_path / "last.npz", x=x)).images == first).all()
    assert (_all(_save(tmp_path / "first.npz", x=first)).images == first).all()
    assert (_all(_save(tmp_path / "grey.npz", x=x[..., 0])).images[:, 0] == x[..., 0]).all()
    assert (_all(_save(tmp_path / "one.npz", x=x[..., :1])).images[:, 0] == x[..., 0]).all()


@pytest.mark.parametrize("dtype", ["uint8", "int64", ">i4", "float16", "float64", ">f4"])
def test_values_on_0_to_255(tmp_path: Path, x: np.ndarray, dtype: str) -> None:
    path = _save(tmp_path / "x.npz", x=x.astype(dtype))
    assert (_all(path).images == np.moveaxis(x, -1, 1)).all()


def test_values_on_0_to_1(tmp_path: Path, x: np.ndarray) -> None:
    path = _save(tmp_path / "x.npz", x=(x / 255).astype(np.float32))
    assert (_all(path).images == np.moveaxis(x, -1, 1)).all()


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8])
def test_black_and_white(tmp_path: Path, x: np.ndarray, dtype: type) -> None:
    path = _save(tmp_path / "x.npz", x=(x > 99).astype(dtype))
    assert (_all(path).images == 255 * np.moveaxis(x > 99, -1, 1)).all()


def test_transparent_is_laid_on_white(tmp_path: Path) -> None:
    x = np.zeros((4, 8, 8, 4), np.uint8)
    x[:, :4, :, 3] = 255
    images = _all(_save(tmp_path / "x.npz", x=x)).images
    assert images.shape == (4, 3, 8, 8)
    assert (images[:, :, :4] == 0).all()
    assert (images[:, :, 4:] == 255).all()


def test_labels_numbers_names_and_strings(tmp_path: Path, x: np.ndarray) -> None:
    y = np.arange(20) % 2 * 4 + 3  # 3 and 7
    numbered = _all(_save(tmp_path / "a.npz", x=x, y=y))
    assert numbered.class_names == ("3", "7")
    assert numbered.labels.tolist() == [0, 1] * 10
    names = np.array(list("abcdefgh"))
    named = _all(_save(tmp_path / "b.npz", x=x, y=y[:, None].astype(float), class_names=names))
    assert named.class_names == tuple("abcdefgh")
    assert (named.labels == y).all()
    strings = _all(_save(tmp_path / "c.npz", x=x, y=np.where(y == 3, "cat", "ant")))
    assert strings.class_names == ("ant", "cat")
    assert strings.labels.tolist() == [1, 0] * 10


def test_a_test_part_of_its_own(tmp_path: Path, x: np.ndarray) -> None:
    y = np.arange(20) % 4
    path = _save(tmp_path / "x.npz", x=x, y=y, x_test=x[:5], y_test=y[:5])
    splits = load_dataset(path)
    assert (splits.test.images == np.moveaxis(x[:5], -1, 1)).all()
    assert (splits.test.labels == y[:5]).all()
    told = describe_source(path)
    assert (told.n_images, told.n_test, told.class_names) == (25, 5, splits.class_names)


def test_oblong_stays_or_becomes_square(tmp_path: Path, x: np.ndarray) -> None:
    path = _save(tmp_path / "x.npz", x=x)
    assert load_dataset(path).image_shape == (3, 9, 10)
    assert load_dataset(path, image_size=12, colour="grey").image_shape == (1, 12, 12)
    assert describe_source(path, image_size=12, colour="grey").image_shape == (1, 12, 12)


def test_outside_8_to_128_needs_a_size(tmp_path: Path, rng: np.random.Generator) -> None:
    path = _save(tmp_path / "x.npz", x=rng.random((4, 200, 150)))
    with pytest.raises(DataError, match=r"200x150 pixels are outside 8\.\.128 a side; give an"):
        load_dataset(path)
    assert load_dataset(path, image_size=64).image_shape == (1, 64, 64)


def _images(shape: tuple[int, ...] = (10, 8, 8), value: float = 0.5) -> np.ndarray:
    images = np.full(shape, value)
    images.flat[0] = 0.25
    return images


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": _images()}, "no array x with the images; it holds images.npy"),
        ({"x": _images(value=np.nan)}, "NaN or infinite values in x"),
        ({"x": _images(value=np.inf)}, "NaN or infinite values in x"),
        ({"x": _images(value=-0.1)}, "values from -0.1 to 0.25 in x"),
        ({"x": _images(value=256.0)}, "values from 0.25 to 256 in x"),
        ({"x": np.zeros((10, 8, 8))}, "the value 0 everywhere in x"),
        ({"x": np.array([{}, None], dtype=object)}, "Python objects in x"),
        ({"x": np.array(["a", "b"])}, "has x of shape"),
        ({"x": _images().astype(complex)}, "values of type complex128 in x"),
        ({"x": np.zeros(3, "u1,O")}, "Python objects in x"),
        ({"x": _images((10, 64))}, r"x of shape \(10, 64\)"),
        ({"x": _images((10, 2, 8, 8))}, r"x of shape \(10, 2, 8, 8\)"),
        ({"x": _images((10, 3, 8, 3))}, r"x of shape \(10, 3, 8, 3\)"),
        ({"x": np.zeros((0, 8, 8))}, "holds no image"),
        ({"x": np.asfortranarray(_images())}, "Fortran order"),
        ({"x": _images(), "y": np.zeros(9, int)}, r"y of shape \(9,\) for 10 images"),
        ({"x": _images(), "y": np.eye(10)}, r"y of shape \(10, 10\) for 10 images"),
        ({"x": _images(), "y": np.arange(10) / 3}, "labels in y that are not whole numbers"),
        ({"x": _images(), "y": np.full(10, np.nan)}, "labels in y that are not whole numbers"),
        ({"x": _images(), "y": np.array([None] * 10)}, "Python objects in y"),
        (
            {"x": _images(), "y": np.arange(10), "class_names": np.array(["a", "b"])},
            r"2 class_names for labels in 0\.\.9",
        ),
        (
            {"x": _images(), "y": np.arange(10), "class_names": np.arange(10)},
            "class_names of type int64",
        ),
        ({"x": _images(), "y": np.arange(10), "x_test": _images()}, "labels for only one of x and"),
    ],
)
def test_refused(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    path = _save(tmp_path / "x.npz", **arrays)
    with pytest.raises(DataError, match=message) as caught:
        load_dataset(path)
    assert str(caught.value).endswith(".")


def test_too_many_classes(tmp_path: Path) -> None:
    x = np.tile(_images((1, 8, 8)), (1001, 1, 1))
    with pytest.raises(DataError, match="1,001 different labels; at most 1000"):
        load_dataset(_save(tmp_path / "x.npz", x=x, y=np.arange(1001)))


def _npz(path: Path, header: str, data: bytes = b"", version: bytes = b"\1\0") -> Path:
    """An npz whose x has a header of our own."""
    text = header.encode()
    npy = b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text + data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", npy)
    return path


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 128, 128)}",
            "needs 16,384,000,000,000 bytes, but the archive holds 64 of it",
        ),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 8, 9)}", "needs 72 bytes"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 8, 8)}", "damaged header in x"),
        ("{'descr': '|u1', 'shape': (1, 8, 8)}", "damaged header in x"),
        ("{'descr': 'nonsense', 'fortran_order': False, 'shape': (1,)}", "damaged header in x"),
        ("__import__('os').getcwd()", "damaged header in x"),
        ("(" * 500, "damaged header in x"),
        ("[1]", "damaged header in x"),
        (" " * 5000, "damaged header in x: 5000 bytes"),
    ],
)
def test_headers_are_not_believed(tmp_path: Path, header: str, message: str) -> None:
    path = _npz(tmp_path / "x.npz", header, bytes(64))
    with pytest.raises(DataError, match=message):
        load_dataset(path)
    assert not describe_source(path).available


def test_more_than_memory_is_refused_by_the_header(
    tmp_path: Path, x: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaelab.data.geometry.MAX_DATASET_BYTES", x.nbytes - 1)
    with pytest.raises(DataError, match=r"x in .* would take"):
        load_dataset(_save(tmp_path / "x.npz", x=x))


def test_truncated_and_foreign_files(tmp_path: Path, x: np.ndarray) -> None:
    whole = _save(tmp_path / "x.npz", x=x).read_bytes()
    for data in (whole[:-50], b"", b"\x93NUMPY text"):
        (tmp_path / "y.npz").write_bytes(data)
        with pytest.raises(DataError, match="is not a zip file, or a damaged one"):
            load_dataset(tmp_path / "y.npz")


def test_a_member_that_is_no_array(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("x.npy", b"not an array at all")
    with pytest.raises(DataError, match=r"does not begin as an .npy file does"):
        load_dataset(tmp_path / "x.npz")


def test_changed_bytes_are_noticed(tmp_path: Path, x: np.ndarray) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, x=x)
    data = bytearray(buffer.getvalue())
    data[len(data) // 2] ^= 255
    (tmp_path / "x.npz").write_bytes(bytes(data))
    with pytest.raises(DataError, match="is damaged in x: Bad CRC-32"):
        load_dataset(tmp_path / "x.npz")


def test_known_factors_go_with_their_images(tmp_path: Path, x: np.ndarray) -> None:
    factors = np.stack([np.arange(20), np.arange(20) % 3], axis=1)
    named = {"factors": factors, "factor_names": np.array(["place", "shape"])}
    splits = load_dataset(_save(tmp_path / "a.npz", x=x, **named))
    assert splits.train.factor_names == ("place", "shape")
    for part in (splits.train, splits.validation, splits.test):
        for image, row in zip(part.images, part.factors, strict=True):
            assert (image == np.moveaxis(x[row[0]], -1, 0)).all()
            assert row[1] == row[0] % 3
    unnamed = load_dataset(_save(tmp_path / "b.npz", x=x, factors=factors))
    assert unnamed.test.factor_names == ("factor 1", "factor 2")
    assert load_dataset(_save(tmp_path / "c.npz", x=x)).test.factors is None


def test_factors_of_a_test_split_of_its_own(tmp_path: Path, x: np.ndarray) -> None:
    path = _save(
        tmp_path / "a.npz",
        **{"x": x, "x_test": x[:4], "factors": np.zeros((20, 1), int)},
        factors_test=np.ones((4, 1), int),
    )
    splits = load_dataset(path)
    assert (splits.test.factors == 1).all()
    assert (splits.train.factors == 0).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"factors": np.zeros(20, int)}, r"factors of shape \(20,\)"),
        ({"factors": np.zeros((19, 2), int)}, r"\(20, F\) with F in 1..100 is needed"),
        ({"factors": np.zeros((20, 2))}, "whole numbers are needed"),
        (
            {"factors": np.zeros((20, 2), int), "factor_names": np.array(["one"])},
            "1 factor_names for 2 factors",
        ),
    ],
)
def test_factors_that_cannot_be_are_refused(
    tmp_path: Path, x: np.ndarray, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        load_dataset(_save(tmp_path / "a.npz", x=x, **wrong))
