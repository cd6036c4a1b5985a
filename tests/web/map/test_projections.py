import numpy as np
import pytest

from vaelab.checkpoints import load_latents
from vaelab.latent import Latents
from vaelab.web.map.map_view import selected
from vaelab.web.map.projections import (
    MapRequest,
    choose_rows,
    estimated_seconds,
    make_map,
    ready_map,
    splits_present,
)


def latents(split):
    n = len(split)
    codes = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)
    return Latents(codes, None, None, np.array(split, np.uint8), np.arange(n))


def test_rows_are_of_the_split_at_most_n_and_the_same_each_time():
    some = latents([0, 2, 0, 2, 2, 0])
    rows, available = choose_rows(some, "test", 10)
    assert (list(rows), available) == ([1, 3, 4], 3)
    rows, available = choose_rows(some, "all", 4)
    assert (len(rows), available) == (4, 6)
    assert list(rows) == sorted(set(rows))
    np.testing.assert_array_equal(rows, choose_rows(some, "all", 4)[0])


def test_only_splits_with_codes_are_offered():
    assert splits_present(latents([0, 2])) == ["all", "train", "test"]
    assert splits_present(latents([2, 2])) == ["all"]


def test_quick_maps_are_made_at_once_and_do_not_move_with_the_filter(tiny):
    every, some = MapRequest("pca", n=10**6), MapRequest("pca", split="test", n=50)
    whole, part = ready_map(tiny, every), ready_map(tiny, some)
    assert len(whole.rows) == whole.available == len(load_latents(tiny))
    assert len(part.rows) == 50
    np.testing.assert_allclose(part.points, whole.points[part.rows])


def test_slow_maps_are_made_only_when_asked_for_and_then_kept(tiny):
    request = MapRequest("tsne", split="test", n=60)
    assert ready_map(tiny, request) is None
    made = make_map(tiny, request)
    assert made.points.shape == (60, 2)
    assert ready_map(tiny, request) is made
    assert estimated_seconds(request, 5_000) > estimated_seconds(request, 1_000) > 0


def test_a_selection_is_read_by_trace_and_position():
    traces = [np.array([4, 7]), np.array([], np.int64), np.array([1, 2, 9])]
    points = [
        {"curve_number": 2, "point_index": 1},
        {"curve_number": 0, "point_index": 1},
        {"curve_number": 2, "point_index": 1},
    ]
    assert list(selected({"selection": {"points": points}}, traces)) == [2, 7]


@pytest.mark.parametrize(
    "point",
    [
        {},
        {"curve_number": 3, "point_index": 0},
        {"curve_number": 0, "point_index": 9},
        {"curve_number": 0, "point_index": -1},
    ],
)
def test_a_selection_outside_the_map_is_ignored(point):
    assert len(selected({"selection": {"points": [point]}}, [np.array([5])])) == 0
    assert len(selected({}, [np.array([5])])) == 0
