"""Range tests in a process of their own, so that a server's pages do not wait for them."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

from vaelab.runs.apart import Progress, run_apart
from vaelab.runs.config import RunConfig
from vaelab.runs.rate_worker import RATES, RUN
from vaelab.training import RangeTest


def rate_apart(config: RunConfig, progress: Progress, stop: threading.Event) -> RangeTest:
    """What `measured_rate` finds, in another process.

    Raises:
        StoppedApartError: after `stop`.
        ValueError: with the sentence of what went wrong.
        OSError: if no process can be started, or the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="vaelab-rate-") as name:
        folder = Path(name)
        (folder / RUN).write_text(json.dumps(config.to_dict()))
        run_apart("vaelab.runs.rate_worker", [], folder, progress, stop)
        found = json.loads((folder / RATES).read_text())
    return RangeTest(tuple(found["rates"]), tuple(found["losses"]))
