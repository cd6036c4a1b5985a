"""The thread that starts queued runs as processes of their own and notices which have died."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from vaelab.runs.children import adopt, reap
from vaelab.runs.dialects import reason
from vaelab.runs.logs import log_path
from vaelab.runs.lost import SILENCE_S, end_deaf_workers, mark_lost
from vaelab.runs.processes import child_environment, worker_id
from vaelab.runs.record import Run
from vaelab.runs.slots import bind, default_slots, slot_names
from vaelab.runs.states import ACTIVE, RunError, RunState
from vaelab.runs.store import RunStore

TICK_S = 1.0

log = logging.getLogger(__name__)


class Supervisor:
    """Launches queued runs of one database, one a slot of this host.

    Several supervisors may serve one database, in one process or many: claiming is a
    transaction. Stopping a supervisor leaves its workers running; the next one finds them.

    Args:
        store: the database.
        slots: how many runs may be at work on this host at once, foreground runs included;
            `default_slots()` when None.

    Raises:
        ValueError: if `slots` is below 1.
    """

    def __init__(self, store: RunStore, slots: int | None = None) -> None:
        self.store = store
        self.slots = default_slots() if slots is None else slot_names(slots)
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
        """One round: reap, find the lost, end the deaf, start the next."""
        reap()
        if time.monotonic() - self._away_at > SILENCE_S:  # else nobody could have been heard
            for run in mark_lost(self.store):
                log.warning("run %d (%s) is lost: %s", run.id, run.name, run.message)
        end_deaf_workers(self.store)
        while not self._stop.is_set():
            run_or_none = self.store.claim_next(self.slots)
            if run_or_none is None:
                break
            launch(self.store, run_or_none)

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


def launch(store: RunStore, run: Run) -> None:
    """Start the worker of a claimed run, detached: it survives this process.

    A worker that cannot be started fails the run with a sentence.
    """
    environment = child_environment(run.threads)
    environment["VAELAB_DATABASE_URL"] = store.url
    environment["PYTHONUNBUFFERED"] = "1"
    bind(environment, run.slot)
    command = [sys.executable, "-m", "vaelab.runs.worker", str(run.id)]
    try:
        with log_path(run.id).open("ab") as output:
            child = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        store.finish(run.id, RunState.FAILED, f"The worker could not be started: {error}.")
        return
    adopt(child)
    worker = worker_id(child.pid)
    if worker is not None:
        store.attach(run.id, worker)
    log.info("run %d (%s) started as process %d", run.id, run.name, child.pid)
