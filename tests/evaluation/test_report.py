import dataclasses
import json
import math

import numpy as np
import pytest

from vaelab.evaluation import Figure, Report
from vaelab.evaluation.report_parts import ImageValues, SectionRecord, Table

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
        ({"version": 99}, "version must be 1 or 2, got 99"),
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


TABLE = Table("t", "T", "share", "What it is.", ("a", "b"), ("c",), ((0.5,), (1.0,)))
VALUES = ImageValues.of("elbo", "test", 10, np.array([-1.5, 2.25]))
SECTION = SectionRecord(
    "bounds", (("seed", 0), ("other", None)), ("elbo",), ("a note",), 1.5, "now"
)
WHOLE = dataclasses.replace(REPORT, tables=(TABLE,), values=(VALUES,), sections=(SECTION,))


def test_tables_values_and_sections_survive_json():
    again = Report.from_dict(json.loads(json.dumps(WHOLE.to_dict())))
    assert again == WHOLE
    assert again.table("t") == TABLE
    assert again.values_of("elbo").array.tolist() == [-1.5, 2.25]
    assert again.table("elbo") is again.values_of("t") is None


def test_a_report_of_the_first_version_is_read():
    old = {key: REPORT.to_dict()[key] for key in ("created", "rate_per_dimension", "notes")}
    figure = FIGURE.to_dict()
    del figure["interval_low"], figure["interval_high"]
    assert Report.from_dict({**old, "version": 1, "figures": [figure]}) == REPORT


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("tables", {"numbers": [[1.0]]}, r"numbers must be of shape \(2, 1\)"),
        ("tables", {"numbers": [[math.nan], [1.0]]}, "finite number"),
        ("tables", {"numbers": [3, 4]}, "list of lists"),
        ("tables", {"rows": "ab"}, "rows must be a list of text"),
        ("values", {"float32": "?"}, "float32 must be base64"),
        ("values", {"float32": "AAA="}, "whole numbers of 4 bytes"),
        ("values", {"n_split": "x"}, "n_split must be a whole number"),
        ("sections", {"settings": []}, "settings must be a mapping"),
        ("sections", {"seconds": "x"}, "seconds must be a finite number"),
    ],
)
def test_damaged_parts_are_refused(part, change, message):
    values = WHOLE.to_dict()
    values[part] = [{**values[part][0], **change}]
    with pytest.raises(ValueError, match=message):
        Report.from_dict(values)
