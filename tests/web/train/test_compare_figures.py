import numpy as np
import pytest

from vaelab.data import DataSpec
from vaelab.runs import Metric, RunStore
from vaelab.runs.config import RunConfig
from vaelab.web.train.compare_figures import curves_figure, rate_distortion, rate_points
from vaelab.web.train.curves import CURVES
from vaelab.web.train.replay_figures import active, map_figure, rates_figure


def metrics(rate: float, distortion: float) -> list[Metric]:
    return [
        Metric(epoch, split, name, value + shift)
        for epoch, shift in ((1, 5.0), (2, 0.0))
        for split in ("train", "validation")
        for name, value in (("rate", rate), ("distortion", distortion), ("elbo", -rate))
    ]


def test_each_run_is_one_line_of_validation_values():
    figure = curves_figure({"a": metrics(1, 9), "b": metrics(2, 7)}, CURVES[0])
    assert [trace.name for trace in figure.data] == ["a", "b"]
    assert list(figure.data[1].x) == [1, 2]
    assert list(figure.data[1].y) == [3.0, -2.0]


def test_the_plane_has_each_run_s_last_epoch_and_the_line_of_the_best_elbo(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.db'}")
    runs = [
        store.get(store.enqueue(RunConfig(name, DataSpec("digits"), family)))
        for name, family in (("a", "vae"), ("b", "vae"), ("c", "ae"))
    ]
    store.close()
    only = [Metric(1, "validation", "distortion", 4.0)]
    points = rate_points([(runs[0], metrics(1, 9)), (runs[1], metrics(2, 7)), (runs[2], only)])
    assert [(point.name, point.rate, point.distortion) for point in points] == [
        ("a", 1, 9),
        ("b", 2, 7),
    ]
    assert points[0].setting == "beta 1, 16 dimensions, learning rate 0.003"
    line = rate_distortion(points).data[-1]
    assert [x + y for x, y in zip(line.x, line.y, strict=True)] == pytest.approx([9, 9])


def test_inactive_dimensions_are_counted_and_grey():
    rates = np.array([0.5, 0.009, 0.01], np.float32)
    assert active(rates) == "2 of 3 dimensions active"
    figure = rates_figure(rates, 1.0)
    colours = figure.data[0].marker.color
    assert colours[0] == colours[2] != colours[1]
    assert figure.layout.yaxis.range[1] == pytest.approx(1.05)


def test_the_map_s_axes_stand_still():
    points = np.zeros((4, 2), np.float32)
    span = np.array([[-1, -2], [1, 2]], np.float32)
    figure = map_figure(points, np.array([0, 1, 0, 1]), ["a", "b"], span)
    assert figure.layout.xaxis.range == pytest.approx((-1.1, 1.1))
    assert figure.layout.yaxis.range == pytest.approx((-2.2, 2.2))
