"""Maps of a checkpoint's codes, kept for all sessions; the slow ones also on disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent import PROJECTIONS, Latents, Projection, project
from vaelab.latent.encode import SPLITS
from vaelab.web.background import Background, Job
from vaelab.web.loaders import latents_of
from vaelab.web.map import slow_maps
from vaelab.web.map.kept import Kept

SLOW = ("tsne", "umap")
MOST_FOR_SLOW = 20_000  # codes; more take longer than anybody waits
KEPT = 24  # maps in memory; one of a million codes takes 24 megabytes
SEED = 0
WAIT_S = 1.0
# Seconds for each thousand codes, and once: processor time measured with 1,000 and 5,000 codes of
# 16 dimensions and the start of a process, so less than on a busy machine.
SECONDS = {"tsne": (5.0, 6.0), "umap": (2.5, 22.0)}
UMAP_COMPILES = (4096, 35.0)  # codes from which UMAP compiles a search, and the seconds for that

background = Background("maps")  # one slow map at a time


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


@st.cache_resource(show_spinner=False)
def _store() -> Kept[CodeMap]:
    return Kept(KEPT)


def ready_map(checkpoint: Checkpoint, request: MapRequest) -> CodeMap | None:
    """The map if it was made before, also before a restart; a quick one is made now.

    PCA is fitted to all codes of the checkpoint, so that it does not move with the filter; t-SNE
    and UMAP to the codes that are drawn.

    Raises:
        ValueError: if the request fits no map of this checkpoint.
    """
    key = map_key(checkpoint, request)
    made = _store().get(key)
    if made is not None:
        return made
    latents = latents_of(checkpoint)
    rows, available = choose_rows(latents, request.split, request.n)
    if request.is_slow:
        kept = slow_maps.kept_map(checkpoint, request.method, request.split, rows)
        if kept is None:
            return None
        made = CodeMap(kept, rows, kept.points, available)
    else:
        projection = project(request.method, latents.mean, request.dims)
        made = CodeMap(projection, rows, projection.points[rows], available)
    _store().put(key, made)
    return made


def start_map(checkpoint: Checkpoint, request: MapRequest) -> Job:
    """The work on a slow map, begun if it was not; when it ends, `ready_map` has the map.

    Raises:
        ValueError: if there are too few codes for the method, or too many.
    """
    rows, _ = choose_rows(latents_of(checkpoint), request.split, request.n)
    if len(rows) > MOST_FOR_SLOW:
        raise ValueError(
            f"{request.method} is made of at most {MOST_FOR_SLOW:,} codes, got {len(rows):,}."
        )
    if len(rows) < PROJECTIONS[request.method].smallest:
        raise ValueError(
            f"{PROJECTIONS[request.method].title} needs {PROJECTIONS[request.method].smallest} or "
            f"more codes, got {len(rows)}."
        )
    return background.ask(
        (str(checkpoint.path), *map_key(checkpoint, request)),
        partial(slow_maps.draw_and_keep, checkpoint, request.method, request.split, rows, SEED),
    )


def make_map(checkpoint: Checkpoint, request: MapRequest) -> CodeMap:
    """The map; waits for a slow one.

    Raises:
        ValueError: if there are too few codes for the method, or too many.
        RuntimeError: if the server ends meanwhile.
    """
    while (made := ready_map(checkpoint, request)) is None:
        job = start_map(checkpoint, request)
        while not job.wait(WAIT_S):
            job.asked = time.monotonic()
        job.raise_error()
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
    if request.method == "umap" and n >= UMAP_COMPILES[0]:
        once += UMAP_COMPILES[1]
    return once + per_thousand * n / 1000


def map_key(checkpoint: Checkpoint, request: MapRequest) -> tuple[object, ...]:
    """What a map is made of: equal for equal maps."""
    # During a run the same folder holds other weights from epoch to epoch.
    n_codes = len(latents_of(checkpoint))
    dims = request.dims if request.method == "dims" else None
    drawn = (request.method, dims, request.split, min(request.n, n_codes))
    return (checkpoint.weights_sha256, n_codes, *drawn)
