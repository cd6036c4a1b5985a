"""What can be read from codes by simple classifiers: of use, or a leak."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
NEIGHBOURS = 10


@dataclass(frozen=True, eq=False)
class Labelled:
    """Codes (N, K) and the classes (N,) of their images."""

    codes: Codes
    labels: Labels


def knn_correct(train: Labelled, test: Labelled, k: int = NEIGHBOURS) -> npt.NDArray[np.float64]:
    """Whether the majority of the k nearest training codes has the class of each test code.

    Returns:
        float64 (N_test,), 1 or 0.
    """
    from sklearn.neighbors import KNeighborsClassifier  # takes a second to import

    probe = KNeighborsClassifier(min(k, len(train.codes)), algorithm="brute")
    probe.fit(train.codes, train.labels)
    named = np.concatenate(
        [probe.predict(part) for part in np.array_split(test.codes, -(-len(test.codes) // 1000))]
    )
    return np.asarray(named == test.labels, np.float64)


def linear_probe_correct(train: Labelled, test: Labelled) -> npt.NDArray[np.float64]:
    """Whether a logistic regression on standardised training codes names each test code's class.

    Returns:
        float64 (N_test,), 1 or 0.
    """
    from sklearn.exceptions import ConvergenceWarning  # takes a second to import
    from sklearn.linear_model import LogisticRegression

    shift, scale = train.codes.mean(axis=0), train.codes.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    probe = LogisticRegression(max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a probe, not a best fit
        probe.fit((train.codes - shift) / scale, train.labels)
    named = probe.predict((test.codes - shift) / scale)
    return np.asarray(named == test.labels, np.float64)


def chance(train: Labels, test: Labels) -> float:
    """Accuracy on `test` of naming every image as the most frequent class of `train`."""
    return float((test == np.bincount(train).argmax()).mean())
