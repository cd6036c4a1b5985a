"""Shortest paths over the data's nearest-neighbour graph: walks that stay where the data is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent.neighbours import nearest
from vaelab.latent.resample import resample

K = 8  # neighbours
_SHORTEST = 1e-12  # of the graph's edges: scipy takes a zero for no edge


@dataclass(frozen=True, eq=False)
class GraphPath:
    """The shortest path between two points over a neighbour graph.

    Attributes:
        codes: float64 (n, K), evenly spaced along it, the ends to the bit.
        stops: int64 (M,), the codes of the graph that it passes, in order.
        corners: float64 (M + 2, K), the ends and the stops between them.
        bridges: how many of its edges join codes that are no neighbours, because the graph falls
            into parts.
    """

    codes: npt.NDArray[np.float64]
    stops: npt.NDArray[np.int64]
    corners: npt.NDArray[np.float64]
    bridges: int


class NeighbourGraph:
    """Codes joined with their k nearest ones, an edge as long as the Euclidean distance.

    An edge is there if one of its codes is among the other's k nearest (the neighbourhood graph of
    Tenenbaum, de Silva and Langford 2000). Where the graph falls into parts, the shortest edge
    from the smallest part to another one is added until it is whole; such edges are bridges.

    Attributes:
        codes: float64 (N, K).
        edges: int64 (E, 2), with edges[i, 0] < edges[i, 1].
        is_bridge: bool (E,).
    """

    def __init__(self, codes: npt.ArrayLike, k: int = K) -> None:
        """Join codes (N, K) with their k nearest, or all others where they are fewer.

        Raises:
            ValueError: if the codes are not a finite (N >= 1, K) array, or k is below 1.
        """
        points = np.asarray(codes, np.float64)
        if points.ndim != 2 or not len(points) or not np.isfinite(points).all():
            raise ValueError(f"codes must be finite and (N >= 1, K), got {points.shape}.")
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}.")
        self.codes, self.k = points, k
        near = _neighbour_edges(points, k)
        bridges = _bridges(points, near)
        self.edges = np.concatenate([near, bridges])
        self.is_bridge = np.arange(len(self.edges)) >= len(near)

    def path(self, a: npt.ArrayLike, b: npt.ArrayLike, n: int) -> GraphPath:
        """The shortest path from a to b, both joined with their own k nearest codes.

        Args:
            a: (K,). b: (K,). n: number of codes, the ends included, at least 2.

        Raises:
            ValueError: if a or b is not a finite (K,) vector, or n is below 2.
        """
        ends = np.stack([self._end("a", a), self._end("b", b)])
        found = self._corners(ends)
        stops = found[found < len(self.codes)]
        corners = np.concatenate([ends[:1], self.codes[stops], ends[1:]])
        return GraphPath(resample(corners, n), stops, corners, self._bridges_of(stops))

    def _end(self, name: str, value: npt.ArrayLike) -> npt.NDArray[np.float64]:
        point = np.asarray(value, np.float64)
        if point.shape != self.codes.shape[1:] or not np.isfinite(point).all():
            raise ValueError(
                f"{name} must be a finite vector of {self.codes.shape[1]}, got {point.shape}."
            )
        return point

    def _corners(self, ends: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Nodes on the way, in order: the two ends are nodes N and N + 1."""
        from scipy.sparse import coo_array  # a third of a second to import
        from scipy.sparse.csgraph import dijkstra

        n = len(self.codes)
        points = np.concatenate([self.codes, ends])
        added = []
        for node in (n, n + 1):
            others = np.delete(np.arange(n + 2), node)
            chosen = nearest(points[others], points[node], min(self.k, len(others))).indices
            added.append(np.column_stack([np.full(len(chosen), node), others[chosen]]))
        edges = np.concatenate([self.edges, *added])
        lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
        edges = np.sort(edges, axis=1)
        _, once = np.unique(edges, axis=0, return_index=True)  # scipy adds what is there twice
        graph = coo_array(
            (np.maximum(lengths[once], _SHORTEST), (edges[once, 0], edges[once, 1])),
            shape=(n + 2, n + 2),
        ).tocsr()
        _, before = dijkstra(graph, directed=False, indices=n, return_predecessors=True)
        way = [n + 1]
        while way[-1] != n:
            way.append(int(before[way[-1]]))
        return np.asarray(way[::-1], np.int64)

    def _bridges_of(self, stops: npt.NDArray[np.int64]) -> int:
        bridges = {tuple(edge) for edge in self.edges[self.is_bridge].tolist()}
        pairs = zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True)
        return sum((min(pair), max(pair)) in bridges for pair in pairs)


def _neighbour_edges(points: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    from sklearn.neighbors import NearestNeighbors  # half a second to import

    n = len(points)
    if n == 1:
        return np.empty((0, 2), np.int64)
    chosen = NearestNeighbors(n_neighbors=min(k, n - 1)).fit(points).kneighbors()[1]  # (N, k)
    edges = np.column_stack([np.repeat(np.arange(n), chosen.shape[1]), chosen.ravel()])
    return np.unique(np.sort(edges, axis=1), axis=0).astype(np.int64)


def _bridges(
    points: npt.NDArray[np.float64], edges: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The shortest edges that make the graph whole, the smallest part first: (B, 2)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shape = (len(points), len(points))
    graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=shape)
    n_parts, part = connected_components(graph, directed=False)
    found = []
    for _ in range(n_parts - 1):
        names, sizes = np.unique(part, return_counts=True)
        inside = np.flatnonzero(part == names[sizes.argmin()])
        outside = np.flatnonzero(part != names[sizes.argmin()])
        near = nearest(points[outside], points[inside])
        m = int(near.distances.argmin())
        i, j = int(inside[m]), int(outside[near.indices[m, 0]])
        found.append((min(i, j), max(i, j)))
        part[inside] = part[j]
    return np.asarray(found, np.int64).reshape(-1, 2)
