"""Slow maps in a process of their own, so that a server's pages do not wait for them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vaelab.runs.map_worker import CODES, MAP, PROGRESS
from vaelab.runs.processes import child_environment

POLL_S = 0.2
END_S = 10


class MapStoppedError(RuntimeError):
    """The map was not wanted any more."""


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
    progress: Callable[[float, str], None],
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
        MapStoppedError: after `stop`.
        ValueError: with the sentence of the method, if it fails.
        OSError: if no process can be started, or the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="vaelab-map-") as name:
        folder = Path(name)
        np.save(folder / CODES, codes, allow_pickle=False)
        command = [sys.executable, "-m", "vaelab.runs.map_worker", method, str(seed), name]
        with (folder / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                command,
                env=child_environment(),
                stdin=subprocess.PIPE,  # closes with this process, and the child then ends
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        with process:
            try:
                _watch(process, folder, progress, stop)
            finally:
                process.kill()
        if process.returncode:
            raise ValueError(_reason(folder, process.returncode))
        with np.load(folder / MAP, allow_pickle=False) as file:
            return DrawnMap(str(file["title"]), file["points"])


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    progress: Callable[[float, str], None],
    stop: threading.Event,
) -> None:
    while process.poll() is None:
        if stop.wait(POLL_S):
            process.kill()
            process.wait(END_S)
            raise MapStoppedError("The map was stopped.")
        try:
            said = json.loads((folder / PROGRESS).read_text())
        except FileNotFoundError:
            continue
        progress(float(said["fraction"]), str(said["message"]))


def _reason(folder: Path, status: int) -> str:
    said = (folder / "stderr").read_text(errors="replace").strip().splitlines()
    return said[-1] if said else f"The map's process ended with status {status}."
