"""Which class the visible pixels speak for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent.inpaint import Inpainted


@dataclass(frozen=True, eq=False)
class ClassesFromVisible:
    """p(c | visible pixels), every one of C classes as probable beforehand as any other.

    Attributes:
        classes: int64 (C,), the most probable first.
        log_visible: float64 (C,), log p(visible pixels | c), nats: log of the runs' mean estimate.
        spread: float64 (C,), between the highest and the lowest run of a class, nats; how far the
            figures can be trusted. 0 for a class that was asked once.
        probability: float64 (C,).
        row: int64 (C,), the run of each class that weighs most, a row of `Inpainted`.
    """

    classes: npt.NDArray[np.int64]
    log_visible: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    row: npt.NDArray[np.int64]

    @property
    def is_decided(self) -> bool:
        """Whether the first class leads the second by more than its own runs differ."""
        if len(self.classes) < 2:
            return True
        return bool(self.log_visible[0] - self.log_visible[1] > self.spread[0])


def classes_from_visible(found: Inpainted) -> ClassesFromVisible:
    """Bayes' rule over the classes that were asked; runs of the same class are averaged.

    Raises:
        ValueError: for a model without classes.
    """
    if found.classes is None:
        raise ValueError("found must be of a conditional model, got one without classes.")
    classes = np.unique(found.classes)
    rows = [np.flatnonzero(found.classes == c) for c in classes]
    runs = [found.log_visible[r] for r in rows]
    log_visible = np.array([np.logaddexp.reduce(run) - np.log(len(run)) for run in runs])
    order = np.argsort(-log_visible, kind="stable")
    relative = np.exp(log_visible - log_visible.max())
    return ClassesFromVisible(
        classes[order],
        log_visible[order],
        np.array([np.ptp(run) for run in runs])[order],
        (relative / relative.sum())[order],
        np.array([r[run.argmax()] for r, run in zip(rows, runs, strict=True)])[order],
    )
