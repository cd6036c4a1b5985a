"""The process that draws one slow map: `python -m vaelab.runs.map_worker METHOD SEED FOLDER`.

It reads `codes.npy` from the folder and writes `map.npz` there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vaelab.runs.apart import Progress, work_for_parent

CODES, MAP = "codes.npy", "map.npz"


def draw(arguments: Sequence[str], folder: Path, progress: Progress) -> None:
    """Raises ValueError with the method's sentence if it cannot draw the codes."""
    from vaelab.latent.project import project  # imports torch

    method, seed = arguments
    codes = np.load(folder / CODES, allow_pickle=False)
    drawn = project(method, codes, seed=int(seed), progress=progress)
    title = np.array(drawn.title)
    np.savez(folder / MAP, allow_pickle=False, points=drawn.points, title=title)


if __name__ == "__main__":
    sys.exit(work_for_parent(draw))
