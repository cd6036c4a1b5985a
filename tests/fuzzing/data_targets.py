"""Parsers of the pictures and data sets that users bring."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.fuzzing import files
from tests.fuzzing.campaign import Target, names_below
from tests.fuzzing.mutate import mutated
from vaelab.data import DataError, Preparation, load_dataset, prepare
from vaelab.data.idx import read_idx, read_idx_shape
from vaelab.data.sources import describe_source
from vaelab.pictures import enlarge
from vaelab.web.train.uploads import keep_upload

PREPARATIONS = (
    Preparation(),
    Preparation(dark_background=True),
    Preparation(dark_background=False),
)
SHAPES = ((1, 8, 8), (1, 28, 28), (3, 32, 32))


def uploaded_picture(_sandbox: Path) -> Target:
    """Every step of `prepare`, for models of grey and of colour, and its thumbnails."""
    seeds = files.pictures()

    def make(rng: Random) -> tuple[bytes, Preparation, tuple[int, int, int]]:
        return mutated(rng, seeds), rng.choice(PREPARATIONS), rng.choice(SHAPES)

    def read(made: tuple[bytes, Preparation, tuple[int, int, int]]) -> str | None:
        data, preparation, shape = made
        ready = prepare(data, preparation, shape)
        for step in ready.steps:
            if step.picture.getexif() or set(step.picture.info) & {"exif", "icc_profile", "xmp"}:
                return "something but pixels is kept"
            enlarge(step.picture, 32)
        return None if ready.pixels.shape == shape else f"shape {ready.pixels.shape}"

    return Target(make, read, (DataError,))


def image_zip(sandbox: Path) -> Target:
    """An archive of images: described and loaded, from where uploads are kept."""
    members = files.image_folder()
    whole = [files.zip_of(members), files.zip_of(members, zipfile.ZIP_STORED)]

    def make(rng: Random) -> bytes:
        if rng.random() < 0.5:
            return mutated(rng, whole)
        return damaged_member(rng, members)

    return _data_set(sandbox, "images.zip", make)


def arrays_npz(sandbox: Path) -> Target:
    """Arrays of images, labels, names and factors."""
    seeds = files.image_arrays()
    opened = [members_of(seed) for seed in seeds]

    def make(rng: Random) -> bytes:
        if rng.random() < 0.5:
            return mutated(rng, seeds)
        return damaged_member(rng, rng.choice(opened))

    return _data_set(sandbox, "arrays.npz", make)


def idx(sandbox: Path) -> Target:
    """IDX files of one dimension and of three, packed or not."""
    seeds = files.idx_files()

    def make(rng: Random) -> tuple[bytes, str, int]:
        if rng.random() < 0.3:  # a sound stream of damaged content
            import gzip

            return gzip.compress(mutated(rng, seeds[:2]), mtime=0), "x.idx.gz", rng.choice((1, 3))
        return mutated(rng, seeds), rng.choice(("x.idx", "x.idx.gz")), rng.choice((1, 3))

    def read(made: tuple[bytes, str, int]) -> None:
        data, name, n_dims = made
        path = sandbox / "input" / name
        path.write_bytes(data)
        read_idx_shape(path, n_dims)
        read_idx(path, n_dims)

    return Target(make, read, (DataError,), lambda: names_below(sandbox, ("input", "home")))


def members_of(archive: bytes) -> dict[str, bytes]:
    """The files in an archive by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def damaged_member(rng: Random, members: dict[str, bytes]) -> bytes:
    """A sound archive, of which one file is damaged, has an odd name, or is there twice."""
    name = rng.choice(sorted(members))
    kind = rng.random()
    if kind < 0.7:
        return files.zip_of({**members, name: mutated(rng, [members[name]])})
    odd: Sequence[str] = ("../x.png", "/x.png", "a\\b.png", "", "C:x.png", "é\0.png", "x" * 300)
    return files.zip_of({**members, rng.choice(odd): members[name]})


def _data_set(sandbox: Path, name: str, make: object) -> Target:
    def read(data: bytes) -> str | None:
        path = keep_upload(name, data)
        try:
            described = describe_source(path)
            load_dataset(path)
        finally:
            path.unlink(missing_ok=True)
        return None if described.available else f"loaded, but described: {described.message}"

    return Target(make, read, (DataError,), lambda: names_below(sandbox, ("home",)))  # type: ignore[arg-type]


PARSERS = {
    "uploaded picture": uploaded_picture,
    "image zip": image_zip,
    "npz": arrays_npz,
    "IDX": idx,
}
