"""How far each map can be trusted, measured once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.checkpoints import Checkpoint
from vaelab.latent.projection_quality import ProjectionQuality, measure_quality, point_trust
from vaelab.web.background import Background, Job
from vaelab.web.loaders import latents_of
from vaelab.web.map.kept import Kept
from vaelab.web.map.projections import CodeMap, MapRequest, map_key

KEPT = 64

Floats = npt.NDArray[np.float64]

background = Background("trust")
_qualities: Kept[ProjectionQuality] = Kept(KEPT)
_trusts: Kept[Floats] = Kept(KEPT)


def known_quality(checkpoint: Checkpoint, request: MapRequest) -> ProjectionQuality | None:
    """The map's quality if it was measured before."""
    return _qualities.get(map_key(checkpoint, request))


def quality_of(
    checkpoint: Checkpoint, request: MapRequest, made: CodeMap
) -> ProjectionQuality | None:
    """Trustworthiness, continuity and neighbour hit of the map; None of fewer than four codes."""
    known = known_quality(checkpoint, request)
    if known is not None:
        return known
    latents = latents_of(checkpoint)
    labels = None if latents.labels is None else latents.labels[made.rows]
    measured = measure_quality(latents.mean[made.rows], made.points, labels)
    if measured is not None:
        _qualities.put(map_key(checkpoint, request), measured)
    return measured


def known_trust(checkpoint: Checkpoint, request: MapRequest) -> Floats | None:
    """The trustworthiness of each drawn code (M,) if it was measured before."""
    return _trusts.get(map_key(checkpoint, request))


def start_trust(checkpoint: Checkpoint, request: MapRequest, made: CodeMap) -> Job:
    """The work on `known_trust`, begun if it was not."""
    key = map_key(checkpoint, request)

    def work(job: Job) -> None:
        def progress(fraction: float) -> None:
            job.report(fraction, "Trustworthiness of each point")
            if job.stop.is_set():
                raise RuntimeError("It was stopped.")

        codes = latents_of(checkpoint).mean[made.rows]
        _trusts.put(key, point_trust(codes, made.points, progress=progress))

    return background.ask((str(checkpoint.path), *key), work)


def trust_at(
    checkpoint: Checkpoint, request: MapRequest, made: CodeMap, position: int
) -> float | None:
    """The trustworthiness of one drawn code, as in `known_trust`; None of fewer than four."""
    known = known_trust(checkpoint, request)
    if known is not None:
        return float(known[position])
    if len(made.rows) < 4:
        return None
    codes = latents_of(checkpoint).mean[made.rows]
    return float(point_trust(codes, made.points, [position])[0])
