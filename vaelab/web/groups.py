"""Groups of codes that a user has named on the map, kept per model across restarts."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab import settings
from vaelab.web.opened import Opened

MOST = 32  # groups a model
LONGEST_NAME = 40

_writing = Lock()  # sessions of one server read, change and write the same file


@dataclass(frozen=True)
class Group:
    """Some codes as one: how many, where on average, of which classes.

    Attributes:
        name: what its user calls it, 1 to 40 characters.
        n: codes in it.
        mean: of the codes, K numbers.
        counts: codes of each class by its name; empty without labels.
    """

    name: str
    n: int
    mean: tuple[float, ...]
    counts: dict[str, int]

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME or self.name != self.name.strip():
            raise ValueError(
                f"name must have 1 to {LONGEST_NAME} characters, got {self.name[:60]!r}."
            )
        if not self.name.isprintable():  # everybody's map shows it
            raise ValueError(f"name must have printable characters, got {self.name!r}.")
        if self.n < 1:
            raise ValueError(f"n must be at least 1, got {self.n}.")
        if not self.mean or not np.isfinite(self.mean).all():
            raise ValueError(f"mean must be finite numbers, got {self.mean}.")


def groups_of(opened: Opened) -> tuple[Group, ...]:
    """The model's groups, the oldest first; a file that is no list of groups counts as none."""
    try:
        return tuple(_group(entry, opened) for entry in json.loads(_path(opened).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def save_group(opened: Opened, group: Group) -> None:
    """Keep a group; one of the same name is replaced.

    Raises:
        ValueError: if its mean does not fit the model, or there are `MOST` groups already.
    """
    k = opened.latents.latent_dim
    if len(group.mean) != k:
        raise ValueError(f"mean must have {k} numbers, got {len(group.mean)}.")
    with _writing:
        others = [other for other in groups_of(opened) if other.name != group.name]
        if len(others) >= MOST:
            raise ValueError(f"there are {MOST} groups, the most that are kept; delete one first.")
        _write(_path(opened), [*others, group])


def delete_group(opened: Opened, name: str) -> None:
    """Forget the group of that name, if there is one."""
    with _writing:
        kept = [group for group in groups_of(opened) if group.name != name]
        _write(_path(opened), kept)


def direction(a: Group, b: Group) -> npt.NDArray[np.float32]:
    """From the mean of one group to that of another, (K,): an attribute direction."""
    return np.asarray(b.mean, np.float32) - np.asarray(a.mean, np.float32)


def _path(opened: Opened) -> Path:
    return settings.home() / "groups" / f"{opened.checkpoint.weights_sha256}.json"


def _group(entry: dict[str, Any], opened: Opened) -> Group:
    mean = tuple(float(value) for value in entry["mean"])
    if len(mean) != opened.latents.latent_dim:
        raise ValueError(f"mean must have {opened.latents.latent_dim} numbers, got {len(mean)}.")
    counts = {str(name): int(count) for name, count in entry["counts"].items()}
    return Group(str(entry["name"]), int(entry["n"]), mean, counts)


def _write(path: Path, groups: list[Group]) -> None:
    """In one step: a reader sees the old list or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".groups-", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump([asdict(group) for group in groups], file)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
