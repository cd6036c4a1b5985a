"""Many image files, from a folder or an archive, decoded into one data set."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError, ImageDataset, SkippedFile, as_array
from vaelab.data.empty_classes import without_empty_classes
from vaelab.data.geometry import Pixels, crop_and_resize, to_channels_first
from vaelab.data.images import SUFFIXES, decode_image, flatten, is_grey
from vaelab.data.layout import Layout, Placed, arrange, is_hidden
from vaelab.data.packing import PackPlan, Skip, is_packed, pack
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import FOLDER_SIDE, DataSpec
from vaelab.data.stored import StoredImages

MAX_FILES = 1_000_000
N_COLOUR_SAMPLES = 64  # images looked at to tell whether all are grey
# Pictures that people have and Pillow or vaelab does not read: named as skipped, not passed over.
OTHER_IMAGE_SUFFIXES = (".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl", ".svg", ".psd", ".raw")
ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")


@dataclass(frozen=True)
class ImageFile:
    """A file by its path below the top, and how to get its bytes (DataError if it cannot).

    `stamp` says what changes when the file does: sizes and times.
    """

    path: PurePosixPath
    read: Callable[[], bytes]
    stamp: Callable[[], str] = str


@dataclass(frozen=True)
class Listing:
    """The image files of a folder or archive and where each belongs."""

    files: tuple[ImageFile, ...]
    layout: Layout


def list_files(name: str, found: Sequence[ImageFile], refused: Sequence[SkippedFile]) -> Listing:
    """Sort the files by path, drop what is no image, decide splits and classes.

    Raises:
        DataError: when no image file is left, or too many are.
    """
    visible = sorted((f for f in found if not is_hidden(f.path)), key=lambda f: f.path.parts)
    files = tuple(f for f in visible if f.path.suffix.lower() in SUFFIXES)
    skipped = list(refused)
    for file in visible:
        if file.path.suffix.lower() in OTHER_IMAGE_SUFFIXES:
            reason = f"Only {', '.join(s[1:] for s in SUFFIXES)} files are read."
            skipped.append(SkippedFile(str(file.path), reason))
        elif file.path.suffix.lower() in ARCHIVE_SUFFIXES:
            reason = "An archive inside is not opened; unpack it."
            skipped.append(SkippedFile(str(file.path), reason))
    if not files:
        why = f" ({skipped[0].path}: {skipped[0].reason})" if skipped else ""
        raise DataError(
            f"{name} holds no image file{why}; it needs "
            f"{', '.join(s[1:] for s in SUFFIXES)} files, in one folder a class or in none."
        )
    if len(files) > MAX_FILES:
        raise DataError(f"{name} holds {len(files):,} image files; at most {MAX_FILES:,} are read.")
    layout = arrange([file.path for file in files])
    return Listing(
        files, Layout(layout.train, layout.test, layout.class_names, (*skipped, *layout.skipped))
    )


def load_listing(name: str, listing: Listing, spec: DataSpec) -> SourceImages:
    """Decode every file to a square of `spec.image_size`; those that cannot be are skipped.

    Transparent pixels become white; a picture that is not square loses its longer ends.

    What is larger than memory can be relied on to hold is packed into a file, see `packing`.

    Raises:
        DataError: when no file could be decoded, or there is no room on the disk to pack them.
    """
    layout = listing.layout
    side = spec.image_size or FOLDER_SIDE
    shape = (channels(listing, spec), side, side)
    skipped = list(layout.skipped)
    if is_packed(len(listing.files), shape):
        train, test = _packed_parts(name, listing, shape, skipped)
    else:
        train = _decode_part(listing, layout.train, shape, skipped)
        test = None if layout.test is None else _decode_part(listing, layout.test, shape, skipped)
    if not len(train.images):
        first = f" (the first: {skipped[0].path}: {skipped[0].reason})" if skipped else ""
        raise DataError(f"{name} holds no readable training image{first}.")
    names = layout.class_names
    return without_empty_classes(
        ImageDataset(name, train.images, train.labels, names, "train", tuple(skipped)),
        ImageDataset(name, test.images, test.labels, names, "test")
        if test is not None and len(test.images)
        else None,
    )


def describe_listing(
    title: str, kind: str, listing: Listing, spec: DataSpec, n_samples: int = 8
) -> SourceDescription:
    """What `load_listing` would give, with only a few files decoded to tell grey from colour."""
    layout = listing.layout
    n_test = len(layout.test or ())
    side = spec.image_size or FOLDER_SIDE
    n = len(layout.train) + n_test
    classes = _counted(len(layout.class_names), "class", "classes") or "no classes"
    images = _counted(n, "image", "images")
    message = f"{kind} of {images}, {classes}, resized to {side}x{side}."
    shape = (channels(listing, spec, n_samples), side, side)
    return SourceDescription(
        spec.source, title, True, message, n, n_test, shape, layout.class_names
    )


def _counted(n: int, one: str, many: str) -> str:
    """`1 class`, `2 classes`; empty for none."""
    return f"{n:,} {one if n == 1 else many}" if n else ""


def channels(listing: Listing, spec: DataSpec, n_samples: int = N_COLOUR_SAMPLES) -> int:
    """1 or 3: as asked for, or 1 if evenly spaced samples are all grey."""
    if spec.colour != "auto":
        return 1 if spec.colour == "grey" else 3
    n = len(listing.files)
    for i in np.unique(np.linspace(0, n - 1, min(n, n_samples)).astype(int)):
        try:
            if not is_grey(decode_image(listing.files[i].read(), enough=FOLDER_SIDE)):
                return 3
        except DataError:
            continue  # it will be listed as skipped when everything is decoded
    return 1


@dataclass(frozen=True, eq=False)
class _Part:
    images: Pixels
    labels: npt.NDArray[np.int64] | None


def _decode_part(
    listing: Listing,
    placed: Sequence[Placed],
    shape: tuple[int, int, int],
    skipped: list[SkippedFile],
) -> _Part:
    images = np.empty((len(placed), *shape), np.uint8)
    kept = np.ones(len(placed), bool)
    for skip in _decode(listing, placed, images):
        kept[skip.row] = False
        skipped.append(SkippedFile(skip.path, skip.reason))
    return _Part(images if kept.all() else images[kept], _labels(listing, placed, kept))


def _packed_parts(
    name: str, listing: Listing, shape: tuple[int, int, int], skipped: list[SkippedFile]
) -> tuple[_Part, _Part | None]:
    """The training part and, behind it in the same pack, the test part."""
    train, test = listing.layout.train, listing.layout.test
    placed = (*train, *(test or ()))
    digest = hashlib.sha256()
    for part in placed:
        file = listing.files[part.index]
        digest.update(f"{file.path}\0{file.stamp()}\n".encode())
    plan = PackPlan(name, {"files": digest.hexdigest()}, (len(placed), *shape))

    def fill(block: Pixels, first: int) -> list[Skip]:
        return _decode(listing, placed[first : first + len(block)], block, first)

    packed = pack(plan, fill)
    skipped.extend(packed.skipped)
    parts = []
    for start, end in ((0, len(train)), (len(train), len(placed))):
        rows = start + np.flatnonzero(packed.kept[start:end])
        images = as_array(StoredImages(packed.images.file, rows))
        parts.append(_Part(images, _labels(listing, placed[start:end], packed.kept[start:end])))
    return parts[0], None if test is None else parts[1]


def _labels(
    listing: Listing, placed: Sequence[Placed], kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64] | None:
    if not listing.layout.class_names:
        return None
    return np.array([p.label for p in placed], np.int64)[kept]


def _decode(
    listing: Listing, placed: Sequence[Placed], images: Pixels, first: int = 0
) -> list[Skip]:
    """Fill `images` (N, C, H, W); those that cannot be, their rows counted from `first`."""
    shape = (images.shape[1], images.shape[2], images.shape[3])

    def decode(row: int) -> str:
        """Fill one row; the reason if it cannot be."""
        try:
            images[row] = _fit(listing.files[placed[row].index].read(), shape)
        except DataError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # Pillow frees the GIL to decode
        reasons = list(pool.map(decode, range(len(placed))))
    return [
        Skip(first + row, str(listing.files[placed[row].index].path), reason)
        for row, reason in enumerate(reasons)
        if reason
    ]


def _fit(data: bytes, shape: tuple[int, int, int]) -> Pixels:
    """One file's bytes as uint8 (C, H, W)."""
    c, h, w = shape
    image = flatten(decode_image(data, enough=2 * max(h, w)))
    return to_channels_first(crop_and_resize(image.convert("L" if c == 1 else "RGB"), h, w))
