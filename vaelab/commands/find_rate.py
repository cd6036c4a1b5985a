"""How high the learning rate may be: `train --find-learning-rate`."""

from __future__ import annotations

import json

from vaelab.commands.table import text_table
from vaelab.runs.config import RunConfig
from vaelab.runs.measured_rate import measured_rate
from vaelab.runs.threads import limited_threads

ROWS = 16  # of the table: the test has many more steps


def find_rate(config: RunConfig, *, as_json: bool) -> int:
    """Print the losses of ever higher rates and a rate that is safe; nothing is trained or kept."""
    with limited_threads(config.train.threads):
        found = measured_rate(config, lambda _fraction, _message: None)
    if as_json:
        values = {"rates": found.rates, "losses": found.losses, "suggestion": found.suggestion}
        print(json.dumps(values, indent=2))
        return 0
    stride = max(1, len(found.rates) // ROWS)
    rows = [
        (f"{rate:.1e}", f"{loss:.2f}")
        for rate, loss in list(zip(found.rates, found.losses, strict=True))[::stride]
    ]
    print(text_table(("learning rate", "loss, nats/image"), rows))
    if found.suggestion is not None:
        print(
            f"The loss was lowest at ten times {found.suggestion:g}. Safe: --learning-rate "
            f"{found.suggestion:g}"
        )
    return 0
