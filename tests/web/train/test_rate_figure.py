import pytest

from vaelab.training import RangeTest
from vaelab.web.train.rate_figure import rate_figure

FOUND = RangeTest((1e-5, 1e-4, 1e-3, 1e-2, 1e-1), (50.0, 45.0, 30.0, 20.0, 900.0))


def test_the_axis_is_logarithmic_the_suggestion_marked_and_the_explosion_cut_off():
    figure = rate_figure(FOUND)
    assert figure.layout.xaxis.type == "log"
    assert list(figure.data[0].x) == list(FOUND.rates)
    assert [shape.x0 for shape in figure.layout.shapes] == [FOUND.suggestion]
    (said,) = figure.layout.annotations
    assert said.text == "suggested: 0.001"
    assert said.x == pytest.approx(-3)  # annotations take the logarithm
    assert figure.layout.xaxis.ticktext[:2] == ("0.00001", "0.0001")
    low, high = figure.layout.yaxis.range
    assert low < 20
    assert 50 < high < 100


def test_a_test_without_a_finite_loss_has_no_figure():
    with pytest.raises(ValueError, match="at least one loss"):
        rate_figure(RangeTest((), ()))
