"""Workers as processes of this host, each in a session of its own."""

from __future__ import annotations

import logging
import subprocess
import sys

from vaelab.runs.children import adopt
from vaelab.runs.logs import log_path
from vaelab.runs.processes import child_environment, worker_id
from vaelab.runs.record import Run
from vaelab.runs.slots import bind, default_slots, slot_names
from vaelab.runs.states import RunState
from vaelab.runs.store import RunStore

log = logging.getLogger(__name__)


class LocalLauncher:
    """Starts workers here; `vaelab.runs.lost` asks after them, whoever started them."""

    is_cluster = False

    def slots(self, n: int | None) -> tuple[str, ...]:
        return default_slots() if n is None else slot_names(n)

    def look_after(self, store: RunStore) -> None:
        """Nothing: what is asked of processes of a host needs no launcher."""

    def start(self, store: RunStore, run: Run) -> None:
        launch(store, run)


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
