"""t-SNE and UMAP of a checkpoint's codes: drawn in a process of their own, kept on disk."""

from __future__ import annotations

import logging

import numpy as np
import numpy.typing as npt

from vaelab.checkpoints import Checkpoint, keep_arrays, kept_arrays
from vaelab.latent import Projection
from vaelab.latent.project import restored
from vaelab.runs.map_apart import draw_apart
from vaelab.web.background import Job
from vaelab.web.loaders import latents_of

log = logging.getLogger(__name__)

Rows = npt.NDArray[np.int64]

# What could not be written to disk; lasts as long as the server.
_unwritten: dict[tuple[str, str], dict[str, np.ndarray]] = {}


def kept_map(checkpoint: Checkpoint, method: str, split: str, rows: Rows) -> Projection | None:
    """The map of the codes at `rows` (M,) if it was drawn before, else None."""
    latents = latents_of(checkpoint)
    name = _name(method, split, len(rows), len(latents))
    arrays = _unwritten.get((checkpoint.weights_sha256, name)) or kept_arrays(checkpoint, name)
    if arrays is None or not {"points", "rows", "title"} <= arrays.keys():
        return None
    if not np.array_equal(arrays["rows"], rows):
        return None
    try:
        return restored(method, str(arrays["title"]), latents.mean[rows], arrays["points"])
    except ValueError:
        return None  # damaged: it is drawn again


def draw_and_keep(
    checkpoint: Checkpoint, method: str, split: str, rows: Rows, seed: int, job: Job
) -> None:
    """Draw the map of the codes at `rows` and keep it for `kept_map`.

    Raises:
        ValueError: with the method's sentence, if it fails.
        StoppedApartError: if the job is stopped.
        OSError: if no process can be started.
    """
    if kept_map(checkpoint, method, split, rows) is not None:
        return  # it was finished between the question and the job
    latents = latents_of(checkpoint)
    drawn = draw_apart(method, latents.mean[rows], seed, job.report, job.stop)
    name = _name(method, split, len(rows), len(latents))
    arrays: dict[str, np.ndarray] = {
        "points": drawn.points,
        "rows": rows,
        "title": np.array(drawn.title),
    }
    try:
        keep_arrays(checkpoint, name, arrays)
    except OSError as error:
        log.warning("the map %s of %s is not kept: %s", name, checkpoint.id, error)
        _unwritten[(checkpoint.weights_sha256, name)] = arrays


def _name(method: str, split: str, drawn: int, n_codes: int) -> str:
    return f"{method}-{split}-{drawn}-of-{n_codes}"
