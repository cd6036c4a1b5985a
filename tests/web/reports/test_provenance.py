import dataclasses

from vaelab.web.reports.provenance import facts


def test_a_figures_facts_are_its_own(tiny):
    figure = tiny.report["log_px"]
    found = facts(tiny, figure)
    assert found["Unit"] == "nats per image"
    assert found["Images"] == f"{figure.n_images} of digits, test split"
    assert found["Samples"] == f"{figure.n_samples:,} per image"
    assert found["Seed"] == "0"
    assert found["Standard error"].endswith("over images")
    assert found["Key"] == "`log_px`"
    assert found["Source"] == "`vaelab/evaluation/sections/likelihood.py`"
    assert found["Measured"].startswith(tiny.report.created[:10])


def test_what_is_not_drawn_says_so(tiny):
    found = facts(tiny, tiny.report["mse"])
    assert found["Seed"].startswith("none")
    assert "Samples" not in found


def test_an_older_reports_figure_lacks_only_its_time(tiny):
    report = dataclasses.replace(tiny.report, sections=(), values=())
    older = dataclasses.replace(tiny, report=report)
    assert set(facts(tiny, report["elbo"])) - set(facts(older, report["elbo"])) == {"Measured"}
