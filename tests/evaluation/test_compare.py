import csv
import dataclasses
import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from vaelab.evaluation import Figure, Report
from vaelab.evaluation.compare import compare
from vaelab.evaluation.exports import FORMATS, to_csv, to_html, to_latex, to_markdown, with_error
from vaelab.evaluation.report_parts import ImageValues
from vaelab.evaluation.svg import rate_distortion_svg


def figure(key, value, name=None, **more):
    return Figure(key, name or key, value, "nats per image", f"What {key} is.", "test", 50, **more)


def report(shift, name="ELBO (grey Bernoulli, not a density)"):
    """Images with an ELBO around -100, all `shift` higher."""
    rng = np.random.default_rng(0)
    values = rng.normal(-100, 30, 50) + shift
    figures = (
        figure("elbo", float(values.mean()), name, standard_error=4.2),
        figure("rate", 20.0),
        figure("distortion", 80.0 - shift),
        figure("auroc_noise", 0.97, interval_low=0.95, interval_high=0.99),
    )
    kept = (ImageValues.of("elbo", "test", 50, values),)
    return Report(figures, (), (), "2026-01-01T00:00:00+00:00", values=kept)


@pytest.fixture
def two():
    return compare({"first": report(0.0), "better_one": report(1.0)})


def test_a_small_difference_is_clear_where_it_is_paired(two):
    """One nat, far below the standard error of 4.2 of either."""
    assert [row.key for row in two.rows] == ["elbo", "distortion", "rate", "auroc_noise"]
    none, difference = two.rows[0].differences
    assert none is None
    assert difference.value == pytest.approx(1, abs=1e-4)
    assert difference.interval.low > 0
    assert two.rows[1].differences == (None, None)
    assert [point.distortion for point in two.points] == [80, 79]
    assert two.notes == ()


def test_what_was_scored_otherwise_is_not_paired():
    binary = report(1.0, "ELBO (Bernoulli, binary pixels)")
    found = compare({"a": report(0.0), "b": binary})
    assert found.rows[0].differences == (None, None)
    assert "score pixels differently" in found.notes[0]
    apart = compare({"a": report(0.0), "b": report(1.0)}, same_images=False)
    assert apart.rows[0].differences == (None, None)
    assert "different images" in apart.notes[0]


def test_a_report_that_lacks_a_figure_has_a_dash():
    short = dataclasses.replace(report(0.0), figures=report(0.0).figures[:1])
    found = compare({"a": short, "b": report(0.0)})
    assert found.rows[2].figures[0] is None
    assert "| rate | – | 20 |" in to_markdown(found)
    with pytest.raises(ValueError, match="at least one report"):
        compare({})


def test_the_csv_holds_numbers_in_full(two):
    rows = list(csv.DictReader(io.StringIO(to_csv(two))))
    assert len(rows) == 8
    assert float(rows[1]["value"]) == two.rows[0].figures[1].value
    assert float(rows[1]["difference_from_first"]) == two.rows[0].differences[1].value
    assert rows[0]["difference_from_first"] == ""


def test_a_latex_table_has_equal_rows_and_no_bare_specials(two):
    lines = to_latex(two).splitlines()
    rows = [line for line in lines if line.endswith(r"\\")]
    assert len(rows) == 5
    assert {row.count(" & ") for row in rows} == {4}
    assert r"better\_one" in rows[0]
    assert r"$\pm$" in rows[1]


def test_the_page_stands_alone(two):
    page = to_html(two)
    assert "http" not in page
    assert "What elbo is." in page
    assert "<svg" in page
    hostile = compare({"<script>": report(0.0)})
    assert "<script>" not in to_html(hostile)


def test_the_plot_is_well_formed_and_places_the_better_model_lower(two):
    root = ET.fromstring(rate_distortion_svg(two.points))
    first, better = (float(dot.get("cy")) for dot in root.iter("circle"))
    assert better > first  # the axis of an SVG points down
    assert rate_distortion_svg(()) == ""


def test_errors_leave_the_digits_that_mean_something():
    assert with_error(figure("a", -94.1234, standard_error=0.312)) == "-94.12 ± 0.31"
    assert with_error(figure("a", 0.97, interval_low=0.95, interval_high=0.99)) == (
        "0.970 [0.950, 0.990]"
    )
    assert with_error(figure("a", 16.0)) == "16"
    assert with_error(None) == "–"
    assert set(FORMATS) == {"csv", "markdown", "latex", "html"}
