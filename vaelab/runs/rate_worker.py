"""The process of one learning-rate range test: `python -m vaelab.runs.rate_worker FOLDER`.

It reads `run.json` from the folder and writes `rates.json` there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from vaelab.runs.apart import Progress, work_for_parent
from vaelab.runs.threads import limited_threads

RUN, RATES = "run.json", "rates.json"


def measure(arguments: Sequence[str], folder: Path, progress: Progress) -> None:
    """Raises ValueError with one sentence for data that cannot be used."""
    from vaelab.runs.config import RunConfig  # these import torch
    from vaelab.runs.measured_rate import measured_rate

    config = RunConfig.from_dict(json.loads((folder / RUN).read_text()))
    with limited_threads(config.train.threads):
        found = measured_rate(config, progress)
    (folder / RATES).write_text(json.dumps({"rates": found.rates, "losses": found.losses}))


if __name__ == "__main__":
    sys.exit(work_for_parent(measure))
