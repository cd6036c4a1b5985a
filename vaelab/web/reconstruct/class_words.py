"""p(c | x) in words: the verdict, its doubts, how it came about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.class_posterior import ClassLikelihoods
from vaelab.evaluation.sections.likelihood import BELIEVABLE_SAMPLES

SMALL = 0.0005  # what three decimals call nothing
RIVAL = 1e-3  # p(c|x) from which weight that no sample met could change the verdict

Values = npt.NDArray[np.float64]


def probability(p: float, error: float = 0.0) -> str:
    """`0.930 ± 0.020`, `more than 0.999`, `less than 0.001`."""
    if error >= SMALL:
        return f"{p:.3f} ± {error:.3f}"
    if p > 1 - SMALL:
        return "more than 0.999"
    return "less than 0.001" if p < SMALL else f"{p:.3f}"


def verdict(p: Values, error: Values, names: Sequence[str]) -> str:
    """`7 with probability 0.930 ± 0.020; next 9 with 0.050 ± 0.010.` for p, error (n_classes,)."""
    order = np.argsort(-p, kind="stable").tolist()
    best = order[0]
    said = f"{names[best]} with probability {probability(p[best], error[best])}"
    if len(order) == 1:
        return f"{said}."
    second = order[1]
    return f"{said}; next {names[second]} with {probability(p[second], error[second])}."


def doubt(p: Values, effective: Values, names: Sequence[str]) -> str:
    """A warning where too few samples carry a class that matters; empty without doubt.

    One clear class stays clear: few effective samples make its log p(x | c) too low, not too high.
    """
    rivals = np.flatnonzero(p >= RIVAL)
    poor = [names[int(c)] for c in rivals if effective[c] < BELIEVABLE_SAMPLES]
    if len(rivals) < 2 or not poor:
        return ""
    which = ", ".join(poor)
    return (
        f"Fewer than {BELIEVABLE_SAMPLES} samples count in effect for {which}: log p(x | c) may be "
        "too low there, and the errors too small. Read the probabilities as a rough guess."
    )


def about(likelihoods: ClassLikelihoods, prior: str) -> list[str]:
    """Samples, prior, and what the errors leave out."""
    effective = likelihoods.effective_samples[0]
    poor = int((effective < BELIEVABLE_SAMPLES).sum())
    said = [
        f"By {likelihoods.n_samples:,} importance samples under each class; p(c) is {prior}. Bars "
        "with one standard error."
    ]
    if poor:
        said.append(
            f"Under {poor} of {len(effective)} classes fewer than {BELIEVABLE_SAMPLES} samples "
            "count in effect: their log p(x | c) may be too low."
        )
    return said
