"""Learning-rate range tests of the server: each in a process of its own, its result kept."""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import partial

from vaelab.runs.config import RunConfig
from vaelab.runs.rate_apart import rate_apart
from vaelab.training import RangeTest
from vaelab.web.background import Background, Job

MOST_KEPT = 64
# What changes nothing of the first steps at a given rate.
_WITHOUT = ("learning_rate", "epochs", "warmup_fraction", "final_learning_rate", "patience")

background = Background("rates")  # one at a time
_found: OrderedDict[str, RangeTest] = OrderedDict()


def key_of(config: RunConfig) -> str:
    """The same for runs whose range test is the same."""
    values = config.to_dict()
    train = {name: value for name, value in values["train"].items() if name not in _WITHOUT}
    parts = [values["data"], values["family"], values["model"], train, values["data_dir"]]
    return json.dumps(parts, sort_keys=True)


def known_rate(config: RunConfig) -> RangeTest | None:
    """What was found for these settings before, by any session."""
    return _found.get(key_of(config))


def search_rate(config: RunConfig) -> Job:
    """The test of these settings; begun if it is not under way."""
    key = key_of(config)
    return background.ask(key, partial(_search, key, config))


def _search(key: str, config: RunConfig, job: Job) -> None:
    if key in _found:  # it was finished between the question and the job
        return
    _found[key] = rate_apart(config, job.report, job.stop)
    while len(_found) > MOST_KEPT:
        _found.popitem(last=False)
