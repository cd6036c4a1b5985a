"""Every source of images by name, and the one function that loads any of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vaelab import settings
from vaelab.data import archive, arrays, digits
from vaelab.data import folder as image_folder
from vaelab.data.dataset import DataError
from vaelab.data.mnist import FASHION_MNIST, MNIST
from vaelab.data.source import SourceDescription, SourceInfo
from vaelab.data.spec import DataSpec
from vaelab.data.splits import DatasetSplits, make_splits
from vaelab.nearest import did_you_mean

# A new data set is one function that loads, one that describes, and one line here.
SOURCES: dict[str, SourceInfo] = {
    "digits": SourceInfo(
        "Digits 8x8",
        "1,797 handwritten digits of 8x8 grey pixels, part of the installation.",
        digits.load,
        digits.describe,
    ),
    "mnist": SourceInfo(
        "MNIST",
        "70,000 handwritten digits of 28x28 grey pixels.",
        MNIST.load,
        MNIST.describe,
    ),
    "fashion-mnist": SourceInfo(
        "Fashion-MNIST",
        "70,000 pieces of clothing of 28x28 grey pixels.",
        FASHION_MNIST.load,
        FASHION_MNIST.describe,
    ),
}

# What the user brings, by the suffix of its path; a folder has none.
PATH_SOURCES: dict[str, SourceInfo] = {
    "": SourceInfo(
        "Image folder",
        "A folder of images, one sub-folder a class, with train and test above them or not.",
        image_folder.load,
        image_folder.describe,
    ),
    ".zip": SourceInfo(
        "Zip of images",
        "The same in a .zip, which is read in place.",
        archive.load,
        archive.describe,
    ),
    ".npz": SourceInfo(
        "NumPy arrays",
        "An .npz with the images in x and, optionally, the labels in y.",
        arrays.load,
        arrays.describe,
    ),
}


def resolve_source(source: str | Path, data_dir: str | Path | None = None) -> str:
    """The name of a source, the name of one inside `data_dir`, or the absolute path of one.

    A name inside the data folder stays a name, so that what was trained on it can be read where
    that folder lies elsewhere.

    Raises:
        DataError: for a path where nothing is, a kind of file that is not read, an unknown name.
    """
    if isinstance(source, str) and source in SOURCES:
        return source
    path, inside = Path(source).expanduser().absolute(), _data_folder(data_dir) / source
    if str(source).strip() and path.exists():
        found, name = path, str(path)
    elif (
        str(source).strip()
        and not Path(source).is_absolute()
        and ".." not in Path(source).parts
        and inside.exists()
    ):
        found, name = inside, str(source)
    elif isinstance(source, Path) or "/" in source or "\\" in source or path.suffix:
        raise DataError(f"There is no file or folder {path}.")
    else:
        raise DataError(
            f"There is no data set {source!r}; choose {', '.join(SOURCES)}, or give the path of a "
            f"folder, a .zip or an .npz, or the name of one in {_data_folder(data_dir)}."
            f"{did_you_mean(str(source), _names(data_dir))}"
        )
    if not found.is_dir() and found.suffix.lower() not in PATH_SOURCES:
        raise DataError(
            f"{found} is neither a folder nor a .zip nor an .npz, the three that can be loaded."
        )
    return name


def load_dataset(
    source: str | Path | DataSpec = "digits",
    *,
    data_dir: str | Path | None = None,
    image_size: int | None = None,
    colour: str = "auto",
    seed: int = 0,
    download: bool = True,
) -> DatasetSplits:
    """Load a source and split it into training, validation and test images.

    >>> splits = load_dataset("digits")
    >>> splits.train.images  # uint8 (1455, 1, 8, 8)
    >>> load_dataset("~/photos", image_size=64).class_names

    Args:
        source: a name in `SOURCES`, the path of an image folder, `.zip` or `.npz` (or the name of
            one inside `data_dir`), or a `DataSpec` that says everything itself.
        data_dir: where the files of named sources are; default `settings.data_dir()`.
        image_size: see `DataSpec`, as `colour` and `seed`.
        download: whether a named source that is absent may be fetched.

    Raises:
        DataError: one sentence on what is wrong with the input and what is allowed.
    """
    if isinstance(source, DataSpec):
        if image_size is not None or colour != "auto" or seed != 0:
            raise DataError(
                "image_size, colour and seed belong inside the DataSpec that was given."
            )
        spec = replace(source, source=resolve_source(source.source, data_dir))
    else:
        spec = DataSpec(resolve_source(source, data_dir), image_size, colour, seed=seed)
    info, located = _locate(spec, data_dir)
    return make_splits(info.load(located, _data_folder(data_dir), download), spec)


def describe_source(
    source: str | Path | DataSpec = "digits",
    *,
    data_dir: Path | None = None,
    image_size: int | None = None,
    colour: str = "auto",
) -> SourceDescription:
    """What loading would give, from headers and listings; never raises for the source itself.

    A source that cannot be loaded comes back as not available, with the reason as its message.

    Raises:
        DataError: for an `image_size` or `colour` that is not allowed.
    """
    spec = source if isinstance(source, DataSpec) else DataSpec("digits", image_size, colour)
    asked = str(source.source if isinstance(source, DataSpec) else source)
    try:
        spec = replace(spec, source=resolve_source(asked, data_dir))
        info, located = _locate(spec, data_dir)
        return info.describe(located, _data_folder(data_dir))
    except DataError as error:
        title = SOURCES[asked].title if asked in SOURCES else Path(asked).name
        return SourceDescription(asked, title, False, str(error))


def _names(data_dir: str | Path | None) -> list[str]:
    """What may stand for a source: the names of all, and what lies in the data folder."""
    folder = _data_folder(data_dir)
    return [*SOURCES, *(path.name for path in folder.iterdir())] if folder.is_dir() else [*SOURCES]


def _data_folder(data_dir: str | Path | None) -> Path:
    return Path(data_dir or settings.data_dir()).absolute()


def _locate(spec: DataSpec, data_dir: str | Path | None) -> tuple[SourceInfo, DataSpec]:
    """Who loads a resolved source, and the spec with its absolute path."""
    if spec.source in SOURCES:
        return SOURCES[spec.source], spec
    path = _data_folder(data_dir) / spec.source  # an absolute source stays as it is
    info = PATH_SOURCES["" if path.is_dir() else path.suffix.lower()]
    return info, replace(spec, source=str(path))
