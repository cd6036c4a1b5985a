"""TrainConfig and its schedules."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from vaelab.training import TrainConfig, schedule
from vaelab.training.device import choose_device


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must lie in 1..100000, got 0"),
        ({"batch_size": 0}, "batch_size must lie in"),
        ({"learning_rate": float("nan")}, "learning_rate must lie in"),
        ({"beta": -1.0}, "beta must lie in"),
        ({"precision": "float16"}, "precision must be one of auto, float32, bfloat16"),
        ({"device": "tpu"}, "device must be one of"),
        ({"iwae_samples": 5, "beta": 2.0}, "iwae_samples must be 1 with beta"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainConfig(**settings)


def test_json_round_trip_and_unknown_keys() -> None:
    config = TrainConfig(beta=2.0, kl_warmup_epochs=3)
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    with pytest.raises(ValueError, match="unknown training settings: lr"):
        TrainConfig.from_dict({"lr": 1})


def test_the_rate_rises_to_its_highest_and_falls_along_a_cosine() -> None:
    config = TrainConfig(learning_rate=1.0, warmup_fraction=0.1, final_learning_rate=0.01)
    rates = [schedule.learning_rate(config, step, 1000) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == pytest.approx(1.0)
    assert rates.index(max(rates)) in (99, 100)
    assert rates[550] == pytest.approx((1 + 0.01) / 2, rel=1e-6)
    assert rates[-1] == pytest.approx(0.01, rel=0.01)
    assert all(a >= b for a, b in itertools.pairwise(rates[100:]))


def test_beta_warms_up_linearly() -> None:
    config = TrainConfig(beta=4.0, kl_warmup_epochs=2)
    assert schedule.beta(config, 0, 10) == 0
    assert schedule.beta(config, 10, 10) == 2
    assert schedule.beta(config, 20, 10) == schedule.beta(config, 500, 10) == 4
    assert schedule.beta(TrainConfig(), 0, 10) == 1


def test_a_device_that_is_not_there_is_refused_by_name() -> None:
    missing = [name for name in ("cuda", "mps") if choose_device("auto").type != name]
    with pytest.raises(ValueError, match="is not on this machine; it has"):
        choose_device(missing[-1])
