import numpy as np
import pytest

from vaelab.evaluation.disentanglement import (
    dci,
    disentanglement_of,
    mutual_information_gap,
    sap_score,
)


@pytest.fixture(scope="module")
def factors():
    rng = np.random.default_rng(0)
    return rng.integers(0, 2, (500, 1)), rng.integers(0, 4, (500, 1))


def made(factors, mixed=False, seed=0):
    """Codes that are the two factors, turned by 45 degrees if mixed, and one of noise."""
    rng = np.random.default_rng(seed)
    z = np.concatenate(factors, axis=1) + 0.01 * rng.normal(size=(500, 2))
    z = (z - z.mean(axis=0)) / z.std(axis=0)
    if mixed:
        z = z @ np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    return np.c_[z, rng.normal(size=500)], np.concatenate(factors, axis=1)


def test_one_code_a_factor_is_disentangled(factors):
    codes, truth = made(factors)
    # 20 bins of a code that knows nothing share some information with 500 values by chance
    assert mutual_information_gap(codes, truth) > 0.9
    scores = dci(codes, truth, codes, truth)
    assert scores.disentanglement > 0.99
    assert scores.completeness > 0.99
    assert scores.informativeness == 1
    assert sap_score(codes, truth, codes, truth) > 0.2


def test_turned_codes_are_not(factors):
    codes, truth = made(factors, mixed=True)
    straight, _ = made(factors)
    assert mutual_information_gap(codes, truth) < mutual_information_gap(straight, truth) - 0.3
    mixed, pure = dci(codes, truth, codes, truth), dci(straight, truth, straight, truth)
    assert mixed.disentanglement < pure.disentanglement - 0.1
    assert mixed.completeness < pure.completeness - 0.1
    assert sap_score(codes, truth, codes, truth) < sap_score(straight, truth, straight, truth)


def test_a_perfect_code_has_the_gap_of_its_entropy():
    """Two codes, each one factor exactly, all pairs of values equally often: the gap is 1."""
    truth = np.stack(np.meshgrid(np.arange(4), np.arange(5)), -1).reshape(-1, 2).repeat(9, axis=0)
    assert mutual_information_gap(truth.astype(float), truth) == pytest.approx(1)
    twice = np.c_[truth[:, 0], truth[:, 0], truth[:, 1], truth[:, 1]].astype(float)
    assert mutual_information_gap(twice, truth) == pytest.approx(0)


def test_importances_are_scored_by_their_entropy():
    assert disentanglement_of(np.eye(3)) == pytest.approx(1)
    assert disentanglement_of(np.ones((4, 3))) == pytest.approx(0, abs=1e-9)
    half = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert disentanglement_of(half) == pytest.approx(0.5)
    assert disentanglement_of(np.array([[3.0, 0.0], [0.5, 0.5]])) == pytest.approx(0.75)
    assert disentanglement_of(half.T) == pytest.approx(
        0.75 * (1 - (2 / 3 * np.log2(3 / 2) + 1 / 3 * np.log2(3))) + 0.25
    )


def test_a_factor_that_never_varies_is_refused():
    with pytest.raises(ValueError, match="must vary"):
        mutual_information_gap(np.random.default_rng(0).normal(size=(9, 2)), np.zeros((9, 1), int))
