"""Checkpoints shared through an object store: a zip each, fetched once and kept in the folder.

Any address that fsspec knows: s3://bucket/models, gs://bucket/models, file:///mnt/models. An object
appears there whole or not at all; a folder of files would not.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from vaelab.checkpoints.archive import LIMITS, pack_checkpoint, unpack_checkpoint
from vaelab.checkpoints.folder import replace_file, take_place
from vaelab.checkpoints.record import Checkpoint, CheckpointError
from vaelab.checkpoints.write import require_valid_id

if TYPE_CHECKING:
    import fsspec

MARKS = ".remote"  # in the folder: which version of each was fetched or published
SUFFIX = ".zip"
PIECE = 2**20
# What stores say of an object that is another one after it was replaced.
TELLING = ("ETag", "etag", "md5Hash", "mtime", "created", "size")


class RemoteError(ValueError):
    """The store cannot be used, or refuses, or this disk does; the message is one sentence."""


@dataclass(frozen=True)
class Refreshed:
    """What a look at the store has changed.

    Attributes:
        fetched: ids of the checkpoints that are new here, or newer than before.
        refused: a sentence for each that was left.
    """

    fetched: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def publish(checkpoint: Checkpoint, url: str) -> None:
    """Put a checkpoint into the store, in the place of the version that was published from here.

    Raises:
        RemoteError: if the store refuses, or holds a version that this folder has never seen, or
            if there is no room here to pack it.
    """
    mark = _mark(checkpoint.path.parent, url, checkpoint.id)
    store, root = _opened(url)
    target = f"{root}/{checkpoint.id}{SUFFIX}"
    with _told(url):
        version = _versions(store, root).get(checkpoint.id)
        if version is not None and version != _seen(mark):
            raise RemoteError(
                f"{url} holds another checkpoint named {checkpoint.id}; fetch it first, or give "
                "this one another name."
            )
    with _here(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as packed:
        pack_checkpoint(checkpoint, packed)
        packed.seek(0)
        with _told(url):
            _put(store, root, target, packed)
    with _told(url):
        version = _versions(store, root)[checkpoint.id]
    with _here(mark.parent):
        _remember(mark, version)


def _put(store: fsspec.AbstractFileSystem, root: str, target: str, packed: IO[bytes]) -> None:
    from fsspec.implementations.local import LocalFileSystem

    if isinstance(store, LocalFileSystem):  # others have no folders; nor is a bucket made
        store.makedirs(root, exist_ok=True)
    with store.transaction, store.open(target, "wb") as there:  # whole, or not at all
        shutil.copyfileobj(packed, there, PIECE)


def refresh(folder: Path, url: str) -> Refreshed:
    """Fetch what the store holds and this folder has not seen, each checked as any import is.

    What was made here under the same name stays and is named; what has gone from the store stays.

    Raises:
        RemoteError: if the store cannot be read, or the folder cannot be written.
    """
    store, root = _opened(url)
    with _told(url):
        versions = _versions(store, root)
    fetched, refused = [], []
    for name, version in versions.items():
        mark = _mark(folder, url, name)
        seen = _seen(mark)
        if seen == version:
            continue
        if seen is None and (folder / name).exists():
            refused.append(f"{url} holds another checkpoint named {name}; the one here stays.")
            continue
        try:
            with _here(folder):
                _fetch(store, url, f"{root}/{name}{SUFFIX}", folder, name)
            fetched.append(name)
        except CheckpointError as error:
            refused.append(f"{name} from {url}: {error}")
        with _here(folder):
            _remember(mark, version)  # what is not usable is not fetched again and again
    return Refreshed(tuple(fetched), tuple(refused))


def _fetch(
    store: fsspec.AbstractFileSystem, url: str, source: str, folder: Path, name: str
) -> None:
    """Unpack beside its place, then take it in one step, also over an older version."""
    with _told(url):
        size = store.size(source)
    if size is not None and size > LIMITS.total:
        raise CheckpointError(f"it has {size:,} bytes; {LIMITS.total:,} are allowed.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".remote-", dir=folder) as workshop:
        packed = Path(workshop, f"{name}{SUFFIX}")
        with packed.open("wb") as here:
            here.writelines(_pieces(store, url, source))
        unpacked = unpack_checkpoint(packed, Path(workshop), name)
        take_place(unpacked.path, folder / name)


def _pieces(store: fsspec.AbstractFileSystem, url: str, source: str) -> Iterator[bytes]:
    """An object's bytes; what goes wrong here is the store's fault, not the disk's."""
    with _told(url), store.open(source, "rb") as there:
        while piece := there.read(PIECE):
            yield piece


def _versions(store: fsspec.AbstractFileSystem, root: str) -> dict[str, str]:
    """Each checkpoint of the store, and what tells its versions apart."""
    store.invalidate_cache()
    if not store.exists(root):
        return {}
    versions = {}
    for entry in sorted(store.ls(root, detail=True), key=lambda entry: str(entry["name"])):
        name = PurePosixPath(entry["name"]).name
        if name.endswith(SUFFIX) and _is_valid(name.removesuffix(SUFFIX)):
            told = [f"{key} {entry[key]}" for key in TELLING if entry.get(key) is not None]
            versions[name.removesuffix(SUFFIX)] = ", ".join(told)
    return versions


def _is_valid(name: str) -> bool:
    try:
        require_valid_id(name)
    except ValueError:
        return False
    return True


def _opened(url: str) -> tuple[fsspec.AbstractFileSystem, str]:
    import fsspec  # where no store is named, nobody waits for it

    try:
        store, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise RemoteError(f"{url} cannot be used as a store of checkpoints: {error}.") from error
    return store, root.rstrip("/")


def _mark(folder: Path, url: str, name: str) -> Path:
    """The file that holds the version of one checkpoint that this folder has seen."""
    place = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:16]
    return folder / MARKS / place / name


def _seen(mark: Path) -> str | None:
    return mark.read_text() if mark.is_file() else None


def _remember(mark: Path, version: str) -> None:
    mark.parent.mkdir(parents=True, exist_ok=True)
    replace_file(mark, version.encode())


def _store_errors() -> tuple[type[BaseException], ...]:
    """What stores raise; S3's library has a family of its own."""
    if importlib.util.find_spec("botocore") is None:
        return (OSError,)
    from botocore.exceptions import BotoCoreError

    return (OSError, BotoCoreError)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what a store raises into one sentence that names it."""
    try:
        yield
    except _store_errors() as error:
        said = str(error).rstrip(".") or type(error).__name__
        raise RemoteError(f"{url} does not answer as it should: {said}.") from error


@contextmanager
def _here(folder: Path) -> Iterator[None]:
    """Turn what this machine's disk raises into one sentence that names the folder."""
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        raise RemoteError(f"{folder} cannot be written: {said}.") from error
