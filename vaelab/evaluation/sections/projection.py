"""How far the map of two principal axes can be trusted, where pages show the codes."""

from __future__ import annotations

import numpy as np

from vaelab.evaluation.findings import Findings
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.latent.principal_axes import principal_plane
from vaelab.latent.projection_quality import measure_quality


def measure(subject: Subject, found: Findings) -> None:
    codes = subject.encoded.evenly_spaced(subject.settings.n_projection)
    means = codes.means
    if not np.isfinite(means).all():
        found.notes.append("The map is not judged: some codes are not finite.")
        return
    # codes of two numbers are drawn as they are
    points = means if means.shape[1] == 2 else principal_plane(means).coordinates(means)
    quality = measure_quality(means, points, codes.dataset.labels, most=len(means))
    if quality is None:
        found.notes.append(f"The map is not judged: {len(means)} codes are too few.")
        return
    qualifier = "raw codes" if means.shape[1] == 2 else ""
    found.value("trustworthiness", quality.trustworthiness, quality.n, qualifier=qualifier)
    found.value("continuity", quality.continuity, quality.n, qualifier=qualifier)
    if quality.neighbour_hit is not None:
        found.value("neighbour_hit", quality.neighbour_hit, quality.n, qualifier=qualifier)


SECTION = Section(
    "The map of the codes",
    measure,
    uses=("binarisation", "seed", "n_projection"),
    cost=lambda subject: subject.settings.n_projection,
)
