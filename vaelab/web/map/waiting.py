"""A map or a value if it is there, else how far it is: no request waits for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vaelab.checkpoints import Checkpoint
from vaelab.latent import PROJECTIONS
from vaelab.web.background import Job
from vaelab.web.loaders import latents_of
from vaelab.web.map.map_quality import known_trust, start_trust
from vaelab.web.map.point_values import known_values, start_values, why_absent
from vaelab.web.map.projections import (
    CodeMap,
    MapRequest,
    choose_rows,
    estimated_seconds,
    ready_map,
    start_map,
)

PATIENCE_S = 0.3  # short work is answered at once


@dataclass(frozen=True)
class Waiting:
    """Work under way.

    Attributes:
        fraction: done, 0 to 1.
        message: what is being done.
        seconds: that are left, roughly; None where nobody knows yet.
    """

    fraction: float
    message: str
    seconds: float | None

    def to_dict(self) -> dict[str, Any]:
        """In the browser's words."""
        return {
            "state": "running",
            "fraction": round(self.fraction, 4),
            "message": self.message,
            "seconds": None if self.seconds is None else round(self.seconds),
        }


def map_or_wait(checkpoint: Checkpoint, request: MapRequest) -> CodeMap | Waiting:
    """The map if it is there, a quick one always; else how far a slow one is, begun if need be.

    Raises:
        ValueError: if the request fits no map of this checkpoint.
        OSError, RuntimeError: if a slow map failed.
    """
    latents = latents_of(checkpoint)
    rows, _ = choose_rows(latents, request.split, request.n)
    projector = PROJECTIONS[request.method]
    if len(rows) < projector.smallest:
        raise ValueError(
            f"{projector.title} needs {projector.smallest} or more codes; split={request.split} "
            f"has {len(rows)} here."
        )
    made = ready_map(checkpoint, request)
    if made is not None:
        return made
    job = start_map(checkpoint, request)
    if _ended(job):
        made = ready_map(checkpoint, request)
        if made is not None:
            return made
    left = job.seconds_left(estimated_seconds(request, len(rows)))
    return Waiting(job.fraction, job.message, left)


def value_or_wait(
    checkpoint: Checkpoint, request: MapRequest, made: CodeMap, value: str
) -> Waiting | None:
    """None once the value is known for all points, or cannot be; else how far it is.

    Args:
        checkpoint: whose codes are drawn.
        request: what was asked for.
        made: the map.
        value: a key of `VALUES`.

    Raises:
        ValueError, OSError, RuntimeError: if the work failed.
    """
    if value == "rate" or why_absent(checkpoint, value) is not None:
        return None
    if value == "trust":
        if known_trust(checkpoint, request) is not None:
            return None
        job = start_trust(checkpoint, request, made)
    else:
        if not np.isnan(known_values(checkpoint, value)[made.rows]).any():
            return None
        job = start_values(checkpoint, value, made.rows)
    if _ended(job):
        return None
    left = job.seconds_left(0.0) if job.fraction > 0 else None
    return Waiting(job.fraction, job.message, left)


def _ended(job: Job) -> bool:
    """Whether it ends within a moment.

    Raises:
        ValueError, OSError, RuntimeError: what ended it.
    """
    if not job.wait(PATIENCE_S):
        return False
    job.raise_error()
    return True
