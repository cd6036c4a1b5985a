"""t-SNE and UMAP: maps that keep neighbours together, on one thread."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

PERPLEXITY = 30  # t-SNE's usual effective number of neighbours
N_NEIGHBORS = 15  # UMAP's default


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


def fit_tsne(codes: np.ndarray, start: np.ndarray, seed: int) -> NeighbourMap:
    """t-SNE (van der Maaten and Hinton 2008), as openTSNE has it, from the start (N, 2).

    Perplexity is `PERPLEXITY`, or (N - 1) / 3 where that is less.
    """
    import openTSNE  # takes over a second, and only these maps need it

    perplexity = min(float(PERPLEXITY), (len(codes) - 1) / 3)
    engine = openTSNE.TSNE(perplexity=perplexity, n_jobs=1, random_state=seed)
    embedding = engine.fit(codes, initialization=1e-4 * start)
    # transform() centres the embedding in place; done here, so that placing never moves the map.
    embedding -= (np.max(embedding, axis=0) + np.min(embedding, axis=0)) / 2
    points = np.array(embedding)
    nearest = min(25, len(codes) - 1)

    def place(new: np.ndarray) -> np.ndarray:
        placed = embedding.transform(new, perplexity=min(5.0, perplexity), k=nearest)
        return np.array(placed)

    return NeighbourMap(points, place, f"perplexity {perplexity:.3g}")


def fit_umap(codes: np.ndarray, start: np.ndarray, seed: int) -> NeighbourMap:
    """UMAP (McInnes, Healy and Melville 2018), as umap-learn has it, from the start (N, 2).

    Uses `N_NEIGHBORS` neighbours, or N - 1 where that is less.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tensorflow not installed", module="umap")
        import umap  # compiles for seconds, and only these maps need it

    n_neighbors = min(N_NEIGHBORS, len(codes) - 1)
    engine = umap.UMAP(
        n_neighbors=n_neighbors,
        init=(5 * start).astype(np.float32),  # the scale of umap's own starts
        random_state=seed,
        transform_seed=seed,
        n_jobs=1,
    )
    points = np.array(engine.fit_transform(codes))

    def place(new: np.ndarray) -> np.ndarray:
        return np.array(engine.transform(new))

    return NeighbourMap(points, place, f"{n_neighbors} neighbours")
