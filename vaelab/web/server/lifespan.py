"""What lives as long as the server: the supervisor that starts queued runs, work on maps."""

from __future__ import annotations

import importlib
import logging
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from vaelab.runs import DatabaseAwayError, DatabaseError, RunStore, Supervisor
from vaelab.runs.threads import prepare_environment
from vaelab.web.background import stop_all
from vaelab.web.server.shared_store import watch_store

log = logging.getLogger(__name__)

FIRST_VISIT_SECONDS = 8  # the first page is not to share the processor with exports
RETRY_SECONDS = 5.0  # a database's server may start after this one

# One a process, however often the app is entered: claiming is safe with more, but useless.
_lock = threading.Lock()
_supervisor: Supervisor | None = None
_refused = ""  # why there is none
_servers = 0


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Start the supervisor with the server; stop it and all maps with the last; runs go on."""
    prepare_environment(os.environ)  # before torch: threads that spin would fight the worker's
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    supervisor = _enter()
    store_watched = watch_store()
    try:
        yield {"supervisor": supervisor}
    finally:
        if store_watched is not None:
            store_watched.set()
        _leave()


def supervisor_runs() -> bool:
    """Whether this process starts queued runs."""
    return _supervisor is not None and _supervisor.is_running


def supervisor_trouble() -> str:
    """Why this process starts no queued run at the moment, in a sentence; empty if it does."""
    return _refused if _supervisor is None else _supervisor.trouble


def _enter() -> Supervisor | None:
    global _servers, _refused
    with _lock:
        _servers += 1
        if _supervisor is None:
            try:
                _start_supervisor()
            except (ValueError, DatabaseError, OSError) as error:
                # The pages work without, and the Train page says the reason again.
                _refused = str(error)
                log.error("no run can be started: %s", error)
                if isinstance(error, DatabaseAwayError):
                    threading.Thread(target=_try_again, name="retry", daemon=True).start()
        return _supervisor


def _start_supervisor() -> None:
    global _supervisor
    supervisor = Supervisor(RunStore())
    supervisor.start()
    _supervisor = supervisor


def _try_again() -> None:
    """Until the database is there, or this server is not."""
    while True:
        time.sleep(RETRY_SECONDS)
        with _lock:
            if _servers == 0 or _supervisor is not None:
                return
            with suppress(DatabaseAwayError):
                _start_supervisor()
                log.warning("the run database is there now: runs are started")


def _leave() -> None:
    global _supervisor, _servers, _refused
    with _lock:
        _servers -= 1
        if _servers == 0:
            stop_all()
            _refused = ""
        if _servers == 0 and _supervisor is not None:
            _supervisor.stop()
            _supervisor.store.close()
            _supervisor = None


def _warm_up() -> None:
    """Import torch while the browser is still opening, then export what no run has exported."""
    importlib.import_module("vaelab.web.state")
    time.sleep(FIRST_VISIT_SECONDS)
    importlib.import_module("vaelab.web.server.graphs").export_missing()
