"""Maps of a checkpoint's codes, kept for all sessions; the slow ones only when asked for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, Projection, project
from vaelab.latent.encode import SPLITS
from vaelab.web.loaders import latents_of

SLOW = ("tsne", "umap")
KEPT = 24  # maps in memory; a t-SNE of 10,000 codes is some megabytes
SEED = 0
# Seconds for each thousand codes, and once: measured on one busy core, so an upper guess.
SECONDS = {"tsne": (6.0, 3.0), "umap": (6.0, 15.0)}


@dataclass(frozen=True)
class MapRequest:
    """Which map: of which method, of which codes.

    Attributes:
        method: a key of `latent.PROJECTIONS`.
        dims: for `dims`, the two dimensions.
        split: `train`, `validation` or `test`, or `all`.
        n: codes at most.
    """

    method: str
    dims: tuple[int, int] = (0, 1)
    split: str = "all"
    n: int = 5_000

    @property
    def is_slow(self) -> bool:
        return self.method in SLOW


@dataclass(frozen=True, eq=False)
class CodeMap:
    """A projection and the codes that are drawn.

    Attributes:
        projection: also places other codes.
        rows: int64 (M,), positions in the checkpoint's latents.
        points: float32 (M, 2).
        available: codes of that split, M or more.
    """

    projection: Projection
    rows: npt.NDArray[np.int64]
    points: npt.NDArray[np.float32]
    available: int


class _Store:
    """The maps used last, by what they were made of."""

    def __init__(self) -> None:
        self._maps: OrderedDict[tuple[object, ...], CodeMap] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> CodeMap | None:
        with self._lock:
            if key in self._maps:
                self._maps.move_to_end(key)
            return self._maps.get(key)

    def put(self, key: tuple[object, ...], value: CodeMap) -> None:
        with self._lock:
            self._maps[key] = value
            while len(self._maps) > KEPT:
                self._maps.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _store() -> _Store:
    return _Store()


def ready_map(checkpoint: Checkpoint, request: MapRequest) -> CodeMap | None:
    """The map if it was made before; a quick one is made now, a slow one is not."""
    made = _store().get(_key(checkpoint, request))
    return make_map(checkpoint, request) if made is None and not request.is_slow else made


def make_map(checkpoint: Checkpoint, request: MapRequest) -> CodeMap:
    """The map, made now if it was not before.

    PCA is fitted to all codes of the checkpoint, so that it does not move with the filter; t-SNE
    and UMAP to the codes that are drawn.

    Raises:
        ValueError: if there are too few codes for the method.
    """
    key = _key(checkpoint, request)
    made = _store().get(key)
    if made is not None:
        return made
    latents = latents_of(checkpoint)
    rows, available = choose_rows(latents, request.split, request.n)
    if request.is_slow:
        projection = project(request.method, latents.mean[rows], seed=SEED)
        points = projection.points
    else:
        projection = project(request.method, latents.mean, request.dims)
        points = projection.points[rows]
    made = CodeMap(projection, rows, points, available)
    _store().put(key, made)
    return made


def choose_rows(latents: Latents, split: str, n: int) -> tuple[npt.NDArray[np.int64], int]:
    """At most n random positions of a split's codes, sorted, and how many codes it has."""
    there = (
        np.arange(len(latents))
        if split == "all"
        else np.flatnonzero(latents.split == SPLITS[split])
    )
    if len(there) <= n:
        return there, len(there)
    chosen = np.random.default_rng(SEED).choice(len(there), n, replace=False)
    return there[np.sort(chosen)], len(there)


def splits_present(latents: Latents) -> list[str]:
    """`all` and the splits that the latents have codes of; only `all` if it is the same."""
    there = [name for name, code in SPLITS.items() if (latents.split == code).any()]
    return ["all", *there] if len(there) > 1 else ["all"]


def estimated_seconds(request: MapRequest, n: int) -> float:
    """Roughly how long a slow map of n codes takes; it varies with the machine."""
    per_thousand, once = SECONDS[request.method]
    return once + per_thousand * n / 1000


def _key(checkpoint: Checkpoint, request: MapRequest) -> tuple[object, ...]:
    # During a run the same folder holds other weights from epoch to epoch.
    n_codes = len(latents_of(checkpoint))
    dims = request.dims if request.method == "dims" else None
    drawn = (request.method, dims, request.split, request.n)
    return (checkpoint.weights_sha256, n_codes, *drawn)
