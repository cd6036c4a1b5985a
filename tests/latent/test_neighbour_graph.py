from itertools import pairwise

import numpy as np
import pytest

from vaelab.latent.neighbour_graph import NeighbourGraph

RNG = np.random.default_rng(0)


def ring(n=60):
    """Codes on a circle: the straight line between two of them leaves the data."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def edges_of(graph):
    return {tuple(edge) for edge in graph.edges.tolist()}


def test_the_path_uses_edges_of_the_graph_alone():
    codes = RNG.normal(size=(200, 3))
    graph = NeighbourGraph(codes, k=4)
    found = graph.path(RNG.normal(size=3), RNG.normal(size=3), 50)
    assert len(found.stops) > 1
    assert all((min(i, j), max(i, j)) in edges_of(graph) for i, j in pairwise(found.stops))
    np.testing.assert_array_equal(found.corners[1:-1], codes[found.stops])


def test_ends_are_exact_to_the_bit():
    a, b = RNG.normal(size=3), RNG.normal(size=3)
    found = NeighbourGraph(RNG.normal(size=(50, 3))).path(a, b, 9)
    assert found.codes.shape == (9, 3)
    assert found.codes[0].tobytes() == a.tobytes()
    assert found.codes[-1].tobytes() == b.tobytes()


def test_on_a_ring_the_path_stays_on_the_ring():
    codes = ring()
    found = NeighbourGraph(codes, k=2).path(codes[0], codes[20], 200)
    assert np.linalg.norm(found.codes, axis=1).min() > 0.99
    length = np.linalg.norm(np.diff(found.corners, axis=0), axis=1).sum()
    assert length == pytest.approx(20 * 2 * np.sin(np.pi / 60))


def test_no_path_over_the_graph_is_shorter():
    """Against every way through a small graph, one by one."""
    codes = RNG.normal(size=(7, 2))
    graph, (a, b) = NeighbourGraph(codes, k=2), codes[[0, 6]]
    edges = edges_of(graph)

    def lengths(at, seen, so_far):
        if at == 6:
            yield so_far
        for i, j in edges:
            other = {i: j, j: i}.get(at)
            if other is not None and other not in seen:
                step = np.linalg.norm(codes[at] - codes[other])
                yield from lengths(other, seen | {other}, so_far + step)

    found = graph.path(a, b, 5).corners
    shortest = min(lengths(0, {0}, 0.0))
    # the ends bring their own neighbours along, so the path can only be shorter
    assert np.linalg.norm(np.diff(found, axis=0), axis=1).sum() <= shortest + 1e-12


def test_two_clouds_are_bridged_once_and_it_is_said():
    clouds = np.concatenate([RNG.normal(size=(30, 2)), RNG.normal(size=(40, 2)) + 50])
    graph = NeighbourGraph(clouds, k=10)
    assert graph.is_bridge.sum() == 1
    (bridge,) = graph.edges[graph.is_bridge]
    assert (bridge[0] < 30) != (bridge[1] < 30)
    between = np.linalg.norm(clouds[:30, None] - clouds[None, 30:], axis=2).min()
    assert np.linalg.norm(clouds[bridge[0]] - clouds[bridge[1]]) == pytest.approx(between)
    assert graph.path(clouds[0], clouds[69], 5).bridges == 1
    assert graph.path(clouds[0], clouds[1], 5).bridges == 0


@pytest.mark.parametrize("codes", [np.ones((9, 2)), np.zeros((1, 2)), RNG.normal(size=(3, 2))])
def test_few_or_equal_codes_make_a_graph_too(codes):
    found = NeighbourGraph(codes).path([0.0, 0.0], [2.0, 2.0], 4)
    assert found.codes.shape == (4, 2)
    assert np.isfinite(found.codes).all()


def test_from_a_point_to_itself():
    found = NeighbourGraph(ring()).path([1.0, 0.0], [1.0, 0.0], 4)
    np.testing.assert_array_equal(found.codes, [[1, 0]] * 4)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="codes must be"):
        NeighbourGraph(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="k must be"):
        NeighbourGraph(ring(), k=0)
    with pytest.raises(ValueError, match="b must be"):
        NeighbourGraph(ring()).path([0.0, 1.0], [np.nan, 1.0], 4)
    with pytest.raises(ValueError, match="n must be"):
        NeighbourGraph(ring()).path([0.0, 1.0], [1.0, 1.0], 1)
