"""Slow maps in a process of their own, so that a server's pages do not wait for them."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vaelab.runs.apart import Progress, run_apart
from vaelab.runs.map_worker import CODES, MAP


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map as it comes from its process.

    Attributes:
        title: the method and its settings, for people.
        points: float32 (N, 2).
    """

    title: str
    points: npt.NDArray[np.float32]


def draw_apart(
    method: str,
    codes: npt.NDArray[np.float32],
    seed: int,
    progress: Progress,
    stop: threading.Event,
) -> DrawnMap:
    """What `latent.project` makes of the codes (N, K), fitted in another process.

    Args:
        method: a key of `latent.PROJECTIONS`.
        codes: (N, K).
        seed: of the method.
        progress: is told the fraction done and what is being done.
        stop: ends the process when it is set.

    Raises:
        StoppedApartError: after `stop`.
        ValueError: with the sentence of the method, if it fails.
        OSError: if no process can be started, or the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="vaelab-map-") as name:
        folder = Path(name)
        np.save(folder / CODES, codes, allow_pickle=False)
        run_apart("vaelab.runs.map_worker", [method, str(seed)], folder, progress, stop)
        with np.load(folder / MAP, allow_pickle=False) as file:
            return DrawnMap(str(file["title"]), file["points"])
