"""Where queued runs are started: as processes of this host, or as jobs of a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable

from vaelab import settings
from vaelab.runs.launchers.launcher import Launcher, LauncherError
from vaelab.runs.launchers.local import LocalLauncher
from vaelab.runs.launchers.ray import RayLauncher
from vaelab.runs.states import RunError

LAUNCHERS: dict[str, Callable[[], Launcher]] = {"local": LocalLauncher, "ray": RayLauncher}

__all__ = ["LAUNCHERS", "Launcher", "LauncherError", "chosen_launcher"]


def chosen_launcher() -> Launcher:
    """The one that `settings.launcher()` names; RunError if there is none of that name."""
    name = settings.launcher()
    if name not in LAUNCHERS:
        allowed = ", ".join(LAUNCHERS)
        raise RunError(f"VAELAB_LAUNCHER must be one of {allowed}, got {name!r}.")
    return LAUNCHERS[name]()
