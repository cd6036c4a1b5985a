"""t-SNE and UMAP: maps that keep neighbours together, on one thread."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vaelab.latent.projection import Progress, ignore_progress

PERPLEXITY = 30  # t-SNE's usual effective number of neighbours
N_NEIGHBORS = 15  # UMAP's default

TSNE_ITERATIONS = 250 + 500  # openTSNE's: with early exaggeration, and after it
TSNE_REPORTS_EVERY = 10
# Shares of the time that have passed when the steps begin, of 5,000 codes of 16 dimensions.
TSNE_PREPARED = 0.25
UMAP_LOADED, UMAP_PREPARED = 0.1, 0.85  # most of it is compiling


@dataclass(frozen=True, eq=False)
class NeighbourMap:
    """A fitted map.

    Attributes:
        points: (N, 2).
        place: codes (M, K) float64 -> (M, 2); each is placed by itself, the map stands still.
        settings: what was used, for people.
    """

    points: np.ndarray
    place: Callable[[np.ndarray], np.ndarray]
    settings: str


def fit_tsne(
    codes: np.ndarray, start: np.ndarray, seed: int, progress: Progress = ignore_progress
) -> NeighbourMap:
    """t-SNE (van der Maaten and Hinton 2008), as openTSNE has it, from the start (N, 2).

    Perplexity is `PERPLEXITY`, or (N - 1) / 3 where that is less.
    """
    import openTSNE  # takes over a second, and only these maps need it

    perplexity = min(float(PERPLEXITY), (len(codes) - 1) / 3)
    progress(0.0, "Finding neighbours")
    engine = openTSNE.TSNE(
        perplexity=perplexity,
        n_jobs=1,
        random_state=seed,
        callbacks=_TsneSteps(progress),
        callbacks_every_iters=TSNE_REPORTS_EVERY,
    )
    embedding = engine.fit(codes, initialization=1e-4 * start)
    # transform() centres the embedding in place; done here, so that placing never moves the map.
    embedding -= (np.max(embedding, axis=0) + np.min(embedding, axis=0)) / 2
    points = np.array(embedding)
    nearest = min(25, len(codes) - 1)

    def place(new: np.ndarray) -> np.ndarray:
        placed = embedding.transform(new, perplexity=min(5.0, perplexity), k=nearest)
        return np.array(placed)

    return NeighbourMap(points, place, f"perplexity {perplexity:.3g}")


def fit_umap(
    codes: np.ndarray, start: np.ndarray, seed: int, progress: Progress = ignore_progress
) -> NeighbourMap:
    """UMAP (McInnes, Healy and Melville 2018), as umap-learn has it, from the start (N, 2).

    Uses `N_NEIGHBORS` neighbours, or N - 1 where that is less.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tensorflow not installed", module="umap")
        progress(0.0, "Loading UMAP")
        import umap  # compiles for seconds, and only these maps need it

    n_neighbors = min(N_NEIGHBORS, len(codes) - 1)
    progress(UMAP_LOADED, "Finding neighbours")
    engine = umap.UMAP(
        n_neighbors=n_neighbors,
        init=(5 * start).astype(np.float32),  # the scale of umap's own starts
        random_state=seed,
        transform_seed=seed,
        n_jobs=1,
        tqdm_kwds={"disable": False, "file": _UmapSteps(progress), "bar_format": "{n}/{total}|"},
    )
    points = np.array(engine.fit_transform(codes))
    engine.tqdm_kwds = {"disable": True}  # placing is no part of what is reported

    def place(new: np.ndarray) -> np.ndarray:
        return np.array(engine.transform(new))

    return NeighbourMap(points, place, f"{n_neighbors} neighbours")


class _TsneSteps:
    """openTSNE's callback: counts both phases of the descent as one."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.done = progress, 0

    def optimization_about_to_start(self) -> None:
        """Called at the start of either phase."""

    def __call__(self, iteration: int, error: float, embedding: np.ndarray) -> bool:
        self.done += TSNE_REPORTS_EVERY
        share = min(1.0, self.done / TSNE_ITERATIONS)
        message = f"Step {min(self.done, TSNE_ITERATIONS)} of {TSNE_ITERATIONS}"
        self.progress(TSNE_PREPARED + (1 - TSNE_PREPARED) * share, message)
        return False  # go on


class _UmapSteps:
    """The file that UMAP's progress bar is written to: `epoch/epochs|` each time."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def write(self, text: str) -> None:
        for match in re.finditer(r"(\d+)/(\d+)\|", text):
            done, epochs = int(match[1]), int(match[2])
            share = UMAP_PREPARED + (1 - UMAP_PREPARED) * done / max(1, epochs)
            self.progress(share, f"Epoch {done} of {epochs}")

    def flush(self) -> None:
        """Nothing is held back."""
