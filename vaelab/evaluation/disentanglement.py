"""MIG, DCI and SAP: codes against known factors, as disentanglement_lib defines them.

Locatello et al. 2019 and their library; factors are discrete, codes are posterior means.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.float64]  # (N, K)
Factors = npt.NDArray[np.int64]  # (N, F)
BINS = 20
SVM_C = 0.01
TINY = 1e-11  # added before a logarithm, as in the library


def mutual_information_gap(codes: Codes, factors: Factors) -> float:
    """Chen et al. 2018: the gap between the two codes that know most of a factor, in its entropy.

    I is taken over 20 equal bins of each code; a mean over factors, in 0..1.
    """
    from sklearn.metrics import mutual_info_score  # takes a second to import

    binned = np.stack(
        [np.digitize(code, np.histogram(code, BINS)[1][:-1]) for code in codes.T], axis=1
    )
    gaps = []
    for factor in factors.T:
        known = np.sort([mutual_info_score(factor, code) for code in binned.T])
        gaps.append((known[-1] - (known[-2] if len(known) > 1 else 0)) / _entropy(factor))
    return float(np.mean(gaps))


@dataclass(frozen=True, eq=False)
class Dci:
    """Eastwood & Williams 2018.

    Attributes:
        disentanglement: whether each code tells of one factor; weighted by its importance, 0..1.
        completeness: whether each factor is told by one code; weighted likewise, 0..1.
        informativeness: accuracy of the trees on test codes, mean over factors.
        importance: (K, F), of each code for each factor.
    """

    disentanglement: float
    completeness: float
    informativeness: float
    importance: npt.NDArray[np.float64]


def dci(
    train_codes: Codes, train_factors: Factors, test_codes: Codes, test_factors: Factors
) -> Dci:
    """From the importances of gradient boosted trees, one ensemble a factor."""
    from sklearn.ensemble import GradientBoostingClassifier  # takes a second to import

    importance = np.zeros((train_codes.shape[1], train_factors.shape[1]))
    accuracy = []
    for j in range(train_factors.shape[1]):
        trees = GradientBoostingClassifier(random_state=0)
        trees.fit(train_codes, train_factors[:, j])
        importance[:, j] = np.abs(trees.feature_importances_)
        accuracy.append((trees.predict(test_codes) == test_factors[:, j]).mean())
    return Dci(
        disentanglement_of(importance),
        disentanglement_of(importance.T),
        float(np.mean(accuracy)),
        importance,
    )


def disentanglement_of(importance: npt.NDArray[np.float64]) -> float:
    """1 - entropy of each row, to the base of its length, weighted by the row's share: (R, C).

    Of the importances (K, F) it is the disentanglement, of their transpose the completeness.
    """
    if importance.shape[1] < 2:
        return 1.0  # with one column there is nothing to be mixed up
    raised = importance + TINY
    share = raised / raised.sum(axis=1, keepdims=True)
    pure = 1 + (share * np.log(share)).sum(axis=1) / np.log(importance.shape[1])
    weight = importance if importance.sum() > 0 else np.ones_like(importance)
    return float(pure @ weight.sum(axis=1) / weight.sum())


def sap_score(
    train_codes: Codes, train_factors: Factors, test_codes: Codes, test_factors: Factors
) -> float:
    """Kumar et al. 2018: the gap between the two codes that a linear SVM tells a factor best from.

    Test accuracy, C = 0.01, balanced classes; a mean over factors.
    """
    from sklearn.exceptions import ConvergenceWarning  # takes a second to import
    from sklearn.svm import LinearSVC

    gaps = []
    for j in range(train_factors.shape[1]):
        scores = []
        for k in range(train_codes.shape[1]):
            machine = LinearSVC(C=SVM_C, class_weight="balanced", random_state=0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                machine.fit(train_codes[:, [k]], train_factors[:, j])
            scores.append((machine.predict(test_codes[:, [k]]) == test_factors[:, j]).mean())
        best = np.sort(scores)
        gaps.append(best[-1] - (best[-2] if len(best) > 1 else 0))
    return float(np.mean(gaps))


def _entropy(factor: npt.NDArray[np.int64]) -> float:
    """Of the values of one factor, nats.

    Raises:
        ValueError: for a factor that never varies.
    """
    from sklearn.metrics import mutual_info_score

    entropy = float(mutual_info_score(factor, factor))
    if entropy <= 0:
        raise ValueError("every factor must vary over the images.")
    return entropy
