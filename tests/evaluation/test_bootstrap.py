import numpy as np
import pytest

from vaelab.evaluation.bootstrap import interval, mean_interval, paired_difference


def test_the_interval_of_a_mean_is_two_standard_errors_each_side():
    values = np.random.default_rng(0).normal(3, 2, 2000)
    found = mean_interval(values, n_resamples=2000)
    error = values.std() / np.sqrt(2000)
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_it_covers_the_truth_as_often_as_it_says():
    """95% of 200 data sets: within 4 standard errors of a share."""
    rng = np.random.default_rng(1)
    hits = 0
    for seed in range(200):
        found = mean_interval(rng.normal(size=100), seed=seed, n_resamples=200)
        hits += found.low < 0 < found.high
    assert hits / 200 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 200))


def test_any_statistic_of_several_groups():
    rng = np.random.default_rng(2)
    a, b = rng.normal(1, 1, 500), rng.normal(0, 1, 400)
    found = interval(lambda x, y: float(x.mean() - y.mean()), a, b)
    error = np.sqrt(a.var() / 500 + b.var() / 400)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert found == interval(lambda x, y: float(x.mean() - y.mean()), a, b)


def test_what_two_models_share_cancels_out():
    rng = np.random.default_rng(3)
    images = rng.normal(0, 50, 300)
    a, b = images + 1 + rng.normal(0, 0.1, 300), images
    found = paired_difference(a, b)
    assert found.value == pytest.approx(1, abs=0.05)
    assert found.interval.low > 0
    assert found.interval.high - found.interval.low < 0.1
    unpaired = interval(lambda x, y: float(x.mean() - y.mean()), a, b)
    assert unpaired.low < 0 < unpaired.high
    shuffled = paired_difference(b, b[::-1]).interval
    assert shuffled.low < 0 < shuffled.high


def test_images_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match=r"one shape \(N,\), got \(3,\) and \(4,\)"):
        paired_difference(np.zeros(3), np.zeros(4))
