"""The process of one learning-rate range test: `python -m vaelab.runs.rate_worker FOLDER`.

It reads `run.json` from the folder, replaces `progress.json` there as it goes, and writes
`rates.json`. It ends when whoever started it does.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from vaelab.runs.apart import end_with_parent, tell
from vaelab.runs.threads import give_way, limited_threads, prepare_environment

RUN, RATES = "run.json", "rates.json"


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 with a sentence on stderr."""
    prepare_environment(os.environ)
    give_way()
    (place,) = sys.argv[1:] if arguments is None else arguments
    folder = Path(place)
    tell(folder, 0.0, "Starting")
    from vaelab.runs.config import RunConfig  # these import torch: the first word comes before
    from vaelab.runs.measured_rate import measured_rate

    try:
        config = RunConfig.from_dict(json.loads((folder / RUN).read_text()))
        with limited_threads(config.train.threads):
            found = measured_rate(config, lambda fraction, message: tell(folder, fraction, message))
    except (ValueError, ArithmeticError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    (folder / RATES).write_text(json.dumps({"rates": found.rates, "losses": found.losses}))
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
