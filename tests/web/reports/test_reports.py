import csv
import dataclasses
import io
import json

import numpy as np
import pytest

from vaelab.evaluation import Report
from vaelab.web.reports import report_figures, report_tables
from vaelab.web.reports.report_figures import RatePoint


def test_the_csv_holds_every_number_in_full(tiny):
    rows = list(csv.DictReader(io.StringIO(report_tables.to_csv([tiny]))))
    assert len(rows) == len(tiny.report.figures)
    for row, figure in zip(rows, tiny.report.figures, strict=True):
        assert row["checkpoint"] == "tiny"
        assert (row["key"], float(row["value"])) == (figure.key, figure.value)
        assert (row["unit"], row["split"]) == (figure.unit, "test")
        assert int(row["n_images"]) == figure.n_images


def test_the_json_is_the_report(tiny):
    read = json.loads(report_tables.to_json([tiny]))
    assert Report.from_dict(read["tiny"]) == tiny.report


def test_a_comparison_has_a_column_a_checkpoint_and_dashes_for_what_is_missing(tiny):
    fewer = dataclasses.replace(tiny.report, figures=tiny.report.figures[1:])
    other = dataclasses.replace(tiny, id="other", report=fewer)
    table = report_tables.comparison_table([tiny, other])
    assert list(table) == ["Figure", "Unit", "tiny", "other"]
    assert (table["Figure"][0], table["other"][0]) == ("ELBO", "–")
    assert table["tiny"][1] == table["other"][1]


def test_figures_that_differ_in_meaning_keep_both_names(tiny):
    told = [
        dataclasses.replace(figure, name=figure.name.replace("p(x)", "p(x|c)"))
        for figure in tiny.report.figures
    ]
    other = dataclasses.replace(
        tiny, id="told", report=dataclasses.replace(tiny.report, figures=tuple(told))
    )
    names = report_tables.comparison_table([tiny, other])["Figure"]
    assert "log p(x) / log p(x|c)" in names
    assert "ELBO" in names


def test_rates_stand_in_order_and_unused_dimensions_apart():
    figure = report_figures.rate_figure([0.001, 2.0, 0.5])
    used, unused = figure.data
    assert (list(used.x), list(used.y)) == (["z2", "z3"], [2.0, 0.5])
    assert (list(unused.x), unused.marker.color) == (["z1"], report_figures.UNUSED)


def test_many_dimensions_are_cut_to_the_highest():
    rates = np.linspace(0.1, 1.0, 300)
    (bars,) = report_figures.rate_figure(rates).data
    assert len(bars.x) == report_figures.MOST_BARS
    assert bars.x[0] == "z300"


def test_shuffled_pixels_stand_below_the_images(tiny):
    real, shuffled = report_figures.shuffled_figure(tiny.report).data
    assert real.x[0] == tiny.report["log_px"].value
    assert shuffled.x[0] == tiny.report["log_px_shuffled"].value
    assert real.x[0] > shuffled.x[0]


@pytest.mark.parametrize("n", [1, 3])
def test_on_a_dashed_line_the_elbo_is_the_one_written_beside_it(n):
    points = [RatePoint(f"m{i}", 10.0 + i, 80.0 - 5 * i) for i in range(n)]
    figure = report_figures.rate_distortion_figure(points)
    assert len(figure.data) == n
    lines, words = figure.layout.shapes, figure.layout.annotations
    assert 1 <= len(lines) == len(words)
    for line, word in zip(lines, words, strict=True):
        elbo = float(word.text.removeprefix("ELBO ").replace("−", "-"))
        assert -(line.x0 + line.y0) == pytest.approx(elbo)
        assert -(line.x1 + line.y1) == pytest.approx(elbo)
