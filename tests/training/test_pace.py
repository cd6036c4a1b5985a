import pytest

from vaelab.training import pace
from vaelab.training.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def test_the_rest_takes_as_long_a_step_as_those_since_the_run_went_on(clock):
    found = Pace(first=50, begun=100.0)
    clock[0] += 10
    assert found.eta_seconds(done=70, steps=100) == pytest.approx(30 * 10 / 20)
    assert found.images_per_second(500) == pytest.approx(50)


def test_before_the_first_step_there_is_a_pace_too(clock):
    found = Pace(begun=100.0)
    assert found.eta_seconds(done=0, steps=10) == 0
    assert found.images_per_second(0) == 0
