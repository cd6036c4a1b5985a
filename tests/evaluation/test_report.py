import json
import math

import pytest

from vaelab.evaluation import Figure, Report

FIGURE = Figure(
    "elbo", "ELBO", -100.5, "nats per image", "a bound", "test", 10, 1, 0, standard_error=0.5
)
REPORT = Report((FIGURE,), (1.5, 0.0), ("a note",), "2026-01-01T00:00:00+00:00")


def test_it_survives_json():
    assert Report.from_dict(json.loads(json.dumps(REPORT.to_dict()))) == REPORT


def test_figures_are_found_by_key():
    assert REPORT["elbo"] is FIGURE
    assert "elbo" in REPORT
    assert "mse" not in REPORT
    assert REPORT.get("mse") is None
    with pytest.raises(KeyError, match="the report has elbo"):
        REPORT["mse"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "unknown fields of a report: extra"),
        ({"version": 99}, "version must be 1, got 99"),
        ({"figures": {}}, "figures must be a list"),
        ({"notes": [1]}, "must be text"),
        ({"rate_per_dimension": ["x"]}, "rate_per_dimension must be a finite number"),
        ({"figures": ["x"]}, "a figure must be a mapping"),
        ({"figures": [{"key": "elbo"}]}, "missing fields of a figure"),
        ({"figures": [{**FIGURE.to_dict(), "value": math.nan}]}, "value must be a finite number"),
        ({"figures": [{**FIGURE.to_dict(), "n_images": 1.5}]}, "n_images must be a whole number"),
        ({"figures": [{**FIGURE.to_dict(), "unit": None}]}, "unit must be text"),
        ({"figures": [FIGURE.to_dict()] * 2}, "different keys"),
    ],
)
def test_a_damaged_report_is_refused_in_a_sentence(change, message):
    with pytest.raises(ValueError, match=message):
        Report.from_dict({**REPORT.to_dict(), **change})


def test_a_missing_field_is_named():
    values = REPORT.to_dict()
    del values["created"]
    with pytest.raises(ValueError, match="missing fields of a report: created"):
        Report.from_dict(values)
