"""The thread that has queued runs started and notices which workers have died."""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from vaelab.runs.children import reap
from vaelab.runs.dialects import reason
from vaelab.runs.launchers import Launcher, LauncherError, chosen_launcher
from vaelab.runs.lost import SILENCE_S, end_deaf_workers, mark_lost
from vaelab.runs.states import ACTIVE, RunError
from vaelab.runs.store import RunStore

TICK_S = 1.0

log = logging.getLogger(__name__)


class Supervisor:
    """Launches queued runs of one database, one a slot of this host or of a cluster.

    Several supervisors may serve one database, in one process or many: claiming is a
    transaction. Stopping a supervisor leaves its workers running; the next one finds them.

    Args:
        store: the database.
        slots: how many runs may be at work at once, on this host foreground runs included; as
            many as the launcher takes when None.
        launcher: starts the workers; the one that the settings name when None.

    Attributes:
        trouble: why nothing can be started at the moment, in a sentence; empty if all is well.

    Raises:
        ValueError: if `slots` is below 1.
        RunError: if the settings name no launcher.
    """

    def __init__(
        self, store: RunStore, slots: int | None = None, launcher: Launcher | None = None
    ) -> None:
        self.store = store
        self.launcher = launcher or chosen_launcher()
        self.slots = self.launcher.slots(slots)
        self.trouble = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._away_at = float("-inf")  # when the database last failed to answer

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Work in a thread; nothing if one works already."""
        if self.is_running:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)
        self._thread.start()

    def request_end(self) -> None:
        """Ask the loop to end, without waiting; a signal handler may call it."""
        self._stop.set()

    def stop(self) -> None:
        """End the thread and wait for that; workers go on."""
        self.request_end()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def serve_forever(self, *, until_idle: bool = False) -> None:
        """Work in the calling thread until `stop`, or until nothing is queued or running."""
        self._loop(until_idle=until_idle)

    def tick(self) -> None:
        """One round: reap, find the lost, end the deaf, start the next where that can be."""
        reap()
        if time.monotonic() - self._away_at > SILENCE_S:  # else nobody could have been heard
            for run in mark_lost(self.store):
                log.warning("run %d (%s) is lost: %s", run.id, run.name, run.message)
        end_deaf_workers(self.store)
        trouble = ""
        try:
            self.launcher.look_after(self.store)
            self._start_next()
        except LauncherError as error:
            trouble = str(error)
        if trouble and trouble != self.trouble:
            log.error("no run can be started: %s", trouble)
        self.trouble = trouble

    def _start_next(self) -> None:
        while not self._stop.is_set():
            run = self.store.claim_next(self.slots, for_cluster=self.launcher.is_cluster)
            if run is None:
                break
            self.launcher.start(self.store, run)

    def _loop(self, *, until_idle: bool = False) -> None:
        while not self._stop.is_set():
            try:
                self.tick()
                if until_idle and not self.store.list_runs(*ACTIVE):
                    return
            except (SQLAlchemyError, RunError, OSError) as error:
                # A locked database or a full disk must not end the supervisor with it.
                if isinstance(error, SQLAlchemyError):
                    self._away_at = time.monotonic()
                log.error("the supervisor could not do its round: %s", reason(error))
            self._stop.wait(TICK_S)
