import pytest

from vaelab.runs import RunError
from vaelab.runs.launchers import LAUNCHERS, chosen_launcher
from vaelab.runs.launchers.local import LocalLauncher
from vaelab.runs.launchers.ray import RayLauncher


def test_runs_are_started_here_unless_something_else_is_said(monkeypatch):
    assert isinstance(chosen_launcher(), LocalLauncher)
    monkeypatch.setenv("VAELAB_LAUNCHER", "ray")
    assert isinstance(chosen_launcher(), RayLauncher)
    assert set(LAUNCHERS) == {"local", "ray"}


def test_a_launcher_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("VAELAB_LAUNCHER", "cloud")
    with pytest.raises(RunError, match="VAELAB_LAUNCHER must be one of local, ray, got 'cloud'"):
        chosen_launcher()


@pytest.mark.parametrize("launcher", [LocalLauncher(), RayLauncher()])
def test_slots_are_counted_from_one(launcher):
    assert launcher.slots(2) == ("slot 1", "slot 2")
    with pytest.raises(ValueError, match="slots must be at least 1, got 0"):
        launcher.slots(0)
