import csv
import dataclasses
import io
import json

import numpy as np
import pytest

from vaelab.evaluation import Report
from vaelab.evaluation.compare import RatePoint, compare
from vaelab.evaluation.report_parts import Table
from vaelab.web.reports import report_figures, report_tables
from vaelab.web.words import MINUS


def test_the_csv_holds_every_number_in_full(tiny):
    rows = list(csv.DictReader(io.StringIO(report_tables.to_csv([tiny]))))
    assert len(rows) == len(tiny.report.figures)
    for row, figure in zip(rows, tiny.report.figures, strict=True):
        assert row["report"] == "tiny"
        assert (row["key"], float(row["value"])) == (figure.key, figure.value)
        assert (row["unit"], row["split"]) == (figure.unit, "test")
        assert int(row["n_images"]) == figure.n_images


def test_the_json_is_the_report(tiny):
    read = json.loads(report_tables.to_json([tiny]))
    assert Report.from_dict(read["tiny"]) == tiny.report


def test_a_comparison_has_a_column_a_checkpoint_and_dashes_for_what_is_missing(tiny):
    fewer = dataclasses.replace(tiny.report, figures=tiny.report.figures[1:])
    other = dataclasses.replace(tiny, id="other", report=fewer)
    comparison = compare({"tiny": tiny.report, "other": other.report})
    plain = report_tables.comparison_table(comparison, differences=False)
    assert list(plain) == ["Figure", "tiny", "other", "Unit"]
    table = report_tables.comparison_table(comparison, differences=True)
    assert list(table) == ["Figure", "tiny", "other", f"other {MINUS} tiny", "Unit"]
    assert (table["Figure"][0], table["other"][0]) == ("ELBO", "–")
    assert table["tiny"][1] == table["other"][1]
    row = table["Figure"].index("log p(x)")
    assert table[f"other {MINUS} tiny"][row] == "+0.000 [+0.000, +0.000]"
    assert table[f"other {MINUS} tiny"][0] == ""


def test_figures_that_differ_in_meaning_keep_both_names(tiny):
    told = [
        dataclasses.replace(figure, name=figure.name.replace("p(x)", "p(x|c)"))
        for figure in tiny.report.figures
    ]
    other = dataclasses.replace(
        tiny, id="told", report=dataclasses.replace(tiny.report, figures=tuple(told))
    )
    comparison = compare({"tiny": tiny.report, "told": other.report})
    names = report_tables.comparison_table(comparison, differences=True)["Figure"]
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


def test_figures_stand_under_their_sections(tiny):
    found = report_tables.by_section(tiny.report)
    assert [figure for figures in found.values() for figure in figures] == list(tiny.report.figures)
    assert found["ELBO, rate and distortion"][0].key == "elbo"
    unknown = dataclasses.replace(tiny.report.figures[0], key="of another version")
    report = dataclasses.replace(tiny.report, figures=(unknown,))
    assert list(report_tables.by_section(report)) == ["More"]


def test_a_confusion_matrix_is_drawn_as_it_stands():
    numbers = ((0.9, 0.1), (0.0, 1.0))
    table = Table("k", "K", "share", "What it is.", ("a", "b"), ("a", "b"), numbers)
    (map_,) = report_figures.confusion_figure(table).data
    assert map_.z.tolist() == [[0.9, 0.1], [0.0, 1.0]]
    assert [list(row) for row in map_.text] == [["90%", "10%"], ["", "100%"]]


def test_the_spread_of_other_images_is_shown_where_it_is_known(tiny):
    figure = report_figures.log_px_figure(tiny.report)
    assert [box.name for box in figure.data][:2] == ["test images", "shuffled pixels"]
    assert report_figures.log_px_figure(dataclasses.replace(tiny.report, values=())) is None
