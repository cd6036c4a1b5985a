"""What a launcher is: how the workers of claimed runs are started and looked after."""

from __future__ import annotations

from typing import Protocol

from vaelab.runs.record import Run
from vaelab.runs.states import RunError
from vaelab.runs.store import RunStore


class LauncherError(RunError):
    """No run can be started now; the message is a sentence. What waits goes on waiting."""


class Launcher(Protocol):
    """Starts workers, one a slot, and brings the records of those that need it up to date.

    A worker hears of a request to stop or to pause through the database, wherever it is.

    Attributes:
        is_cluster: its slots are those of all jobs of a cluster, not of this host.
    """

    is_cluster: bool

    def slots(self, n: int | None) -> tuple[str, ...]:
        """Names of `n` slots; of as many as the settings say when None.

        Raises:
            ValueError: if `n` is below 1.
        """

    def look_after(self, store: RunStore) -> None:
        """Note which workers wait, have ended or do not listen. Called before each `start`.

        Raises:
            LauncherError: if nothing can be started at the moment.
        """

    def start(self, store: RunStore, run: Run) -> None:
        """Start the worker of a claimed run; one that cannot be started fails with a sentence.

        Raises:
            LauncherError: if it is not known whether it was started; `look_after` finds out.
        """
