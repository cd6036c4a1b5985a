from dataclasses import replace

import pytest

from vaelab.data import DataSpec
from vaelab.runs.config import RunConfig
from vaelab.training import RangeTest, TrainConfig
from vaelab.web.train import rate_search

CONFIG = RunConfig("a", DataSpec("digits"), train=TrainConfig())
FOUND = RangeTest((1e-5, 1e-4), (2.0, 1.0))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(rate_search, "_found", type(rate_search._found)())


def with_training(**settings) -> RunConfig:
    return replace(CONFIG, train=replace(CONFIG.train, **settings))


def test_the_same_settings_are_tested_once(monkeypatch):
    asked = []

    def find(config, _progress, _stop):
        asked.append(config.name)
        return FOUND

    monkeypatch.setattr(rate_search, "rate_apart", find)
    assert rate_search.known_rate(CONFIG) is None
    assert rate_search.search_rate(CONFIG).wait(60)
    other_name = replace(with_training(learning_rate=0.1, epochs=3), name="b")
    assert rate_search.known_rate(other_name) is FOUND
    assert rate_search.search_rate(other_name).wait(60)
    assert asked == ["a"]
    assert rate_search.known_rate(with_training(batch_size=7)) is None


def test_the_oldest_results_are_forgotten(monkeypatch):
    monkeypatch.setattr(rate_search, "MOST_KEPT", 2)
    monkeypatch.setattr(rate_search, "rate_apart", lambda *_: FOUND)
    for seed in range(3):
        assert rate_search.search_rate(with_training(seed=seed)).wait(60)
    known = [rate_search.known_rate(with_training(seed=seed)) for seed in range(3)]
    assert known == [None, FOUND, FOUND]
