"""Where one image's log p(x) stands among those of a report's images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.report import Report
from vaelab.evaluation.typicality import percentile

# Where a report keeps log p(x) of single images -> section, its setting with the sample count.
KEPT = {
    "log_px": ("likelihood", "n_importance_samples"),
    "log_px_typicality": ("typicality", "n_typicality_samples"),
}


@dataclass(frozen=True, eq=False)
class Reference:
    """log p(x) of a report's images, and how it was estimated.

    Attributes:
        values: (N,), nats, sorted.
        split: which images.
        n_samples: importance samples of each: an image is compared at as many.
        seed: of those samples.
        binarisation: of the pixels scored; a key of `BINARISATIONS`.
    """

    values: npt.NDArray[np.float64]
    split: str
    n_samples: int
    seed: int
    binarisation: str

    def percentile(self, log_px: float) -> float:
        """Share of the images with a lower log p(x), ties counted half, in 0..100."""
        return float(percentile(log_px, self.values))

    def sentence(self, log_px: float) -> str:
        """The percentile in words: `Stranger than 99 of 100 test images.`"""
        n, place = len(self.values), self.percentile(log_px)
        if place == 0:
            return f"Stranger than every one of {n:,} {self.split} images."
        if place == 100:
            return f"More probable than every one of {n:,} {self.split} images."
        if place < 50:
            return f"Stranger than {_of_100(100 - place)} {self.split} images."
        return f"More probable than {_of_100(place)} {self.split} images."


def reference_of(report: Report | None) -> Reference | None:
    """What an image can be compared with; None where the report keeps no single images' values."""
    records = {} if report is None else {section.name: section for section in report.sections}
    for key, (section, samples) in KEPT.items():
        kept = None if report is None else report.values_of(key)
        if kept is None or section not in records:
            continue
        values = kept.array
        settings = dict(records[section].settings)
        if not len(values) or not np.isfinite(values).all():
            continue
        return Reference(
            np.sort(values),
            kept.split,
            int(settings[samples] or 1),
            int(settings["seed"] or 0),
            str(settings["binarisation"]),
        )
    return None


def _of_100(share: float) -> str:
    """`99 of 100`, `997 of 1,000`: never all of them."""
    return f"{share:.0f} of 100" if share < 99.5 else f"{min(round(10 * share), 999)} of 1,000"
