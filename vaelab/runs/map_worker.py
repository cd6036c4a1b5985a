"""The process that draws one slow map: `python -m vaelab.runs.map_worker METHOD SEED FOLDER`.

It reads `codes.npy` from the folder, replaces `progress.json` there as it goes, and writes
`map.npz`. It ends when whoever started it does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from vaelab.runs.apart import end_with_parent, tell
from vaelab.runs.threads import give_way, prepare_environment

CODES, MAP = "codes.npy", "map.npz"


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 with a sentence on stderr."""
    prepare_environment(os.environ)
    give_way()
    method, seed, place = sys.argv[1:] if arguments is None else arguments
    folder = Path(place)

    def progress(fraction: float, message: str) -> None:
        tell(folder, fraction, message)

    progress(0.0, "Starting")
    from vaelab.latent.project import project  # imports torch: the first word comes before

    try:
        codes = np.load(folder / CODES, allow_pickle=False)
        drawn = project(method, codes, seed=int(seed), progress=progress)
    except (ValueError, ArithmeticError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    title = np.array(drawn.title)
    np.savez(folder / MAP, allow_pickle=False, points=drawn.points, title=title)
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
