"""How far the map of two principal axes can be trusted, where pages show the codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.findings import Findings
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.latent.projection_quality import measure_quality


def measure(subject: Subject, found: Findings) -> None:
    codes = subject.encoded.evenly_spaced(subject.settings.n_projection)
    means = codes.means
    if not np.isfinite(means).all():
        found.notes.append("The map is not judged: some codes are not finite.")
        return
    quality = measure_quality(means, principal_axes(means), codes.dataset.labels, most=len(means))
    if quality is None:
        found.notes.append(f"The map is not judged: {len(means)} codes are too few.")
        return
    qualifier = "raw codes" if means.shape[1] == 2 else ""
    found.value("trustworthiness", quality.trustworthiness, quality.n, qualifier=qualifier)
    found.value("continuity", quality.continuity, quality.n, qualifier=qualifier)
    if quality.neighbour_hit is not None:
        found.value("neighbour_hit", quality.neighbour_hit, quality.n, qualifier=qualifier)


def principal_axes(codes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Codes (N, K) on their first two principal axes, (N, 2); codes of two numbers as they are."""
    if codes.shape[1] == 2:
        return codes
    centred = codes - codes.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    points = centred @ axes[:2].T
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


SECTION = Section(
    "The map of the codes",
    measure,
    uses=("binarisation", "seed", "n_projection"),
    cost=lambda subject: subject.settings.n_projection,
)
