"""Figures in words: as many digits as say something."""

from __future__ import annotations

import math

from vaelab.evaluation.report import Figure, Report

MINUS = "−"
NOTHING = 1e-7  # of the value: an error below it is what rounding leaves


def number(value: float) -> str:
    """A value for reading: as many digits as say something, and a true minus sign."""
    if value == int(value) and abs(value) < 1e6:
        text = f"{value:,.0f}"
    elif abs(value) >= 100:
        text = f"{value:,.1f}"
    elif abs(value) >= 1:
        text = f"{value:.2f}"
    else:
        text = f"{value:.4f}"
    return text.replace("-", MINUS)


def short_name(figure: Figure) -> str:
    """The name without what stands in brackets: how pixels are scored, on which images."""
    return figure.name.partition(" (")[0]


def value_and_error(figure: Figure) -> tuple[str, str]:
    """`−94.12` and `0.31`, in as many digits as the error leaves meaning; no error: empty.

    Half of a 95% bootstrap interval is taken for two errors; one that is rounding's alone for none.
    """
    error = figure.standard_error
    if error is None and figure.interval_low is not None and figure.interval_high is not None:
        error = (figure.interval_high - figure.interval_low) / 4
    if not error or error < NOTHING * abs(figure.value):
        return number(figure.value), ""
    digits = max(0, 1 - math.floor(math.log10(error)))  # two of the error say what is known
    return f"{figure.value:,.{digits}f}".replace("-", MINUS), f"{error:,.{digits}f}"


def with_error(figure: Figure) -> str:
    """`−94.12 ± 0.31`, without the error where there is none."""
    value, error = value_and_error(figure)
    return f"{value} ± {error}" if error else value


def headline(report: Report | None) -> Figure | None:
    """The figure that a model is introduced with: its ELBO, or its distortion."""
    if report is None or not report.figures:
        return None
    return report.get("elbo") or report.get("distortion") or report.figures[0]
