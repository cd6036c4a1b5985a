"""Images that stand for their class: neither its average nor an outlier."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def ordinary_pair(
    codes: npt.NDArray[np.float32], labels: npt.NDArray[np.int64] | None
) -> tuple[int, int]:
    """Rows of two ordinary codes, of the two classes whose means lie farthest apart.

    Args:
        codes: (N, K), N at least 1.
        labels: (N,); without them, or with one class alone, the rows are the first and the last.
    """
    present = np.unique(labels) if labels is not None else np.empty(0)
    if labels is None or len(present) < 2:
        return 0, len(codes) - 1
    members = [np.flatnonzero(labels == label) for label in present]
    means = np.stack([codes[rows].mean(axis=0) for rows in members])  # (n_classes, K)
    apart = np.square(means[:, None] - means[None]).sum(axis=2)
    first, last = np.unravel_index(apart.argmax(), apart.shape)
    return (
        _median_row(codes, members[int(first)], means[first]),
        _median_row(codes, members[int(last)], means[last]),
    )


def _median_row(codes: np.ndarray, rows: np.ndarray, centre: np.ndarray) -> int:
    """The row whose distance from the centre is the middle one: no outlier, and no average."""
    distances = np.square(codes[rows] - centre).sum(axis=1)
    return int(rows[np.argsort(distances, kind="stable")[len(rows) // 2]])
