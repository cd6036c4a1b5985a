"""The thread of a worker that says it lives and listens for a request to stop or pause."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from vaelab.runs.dialects import reason
from vaelab.runs.processes import WorkerId
from vaelab.runs.reports import Beat
from vaelab.runs.states import RunState
from vaelab.runs.store import RunStore

BEAT_S = 2.0
LISTEN_S = 0.5

log = logging.getLogger(__name__)


class StopRequestedError(Exception):
    """The run is to end now: somebody asked for it, or it is not this process's any more.

    Attributes:
        state: stopped or paused.
    """

    def __init__(self, message: str = "", state: RunState = RunState.STOPPED) -> None:
        super().__init__(message)
        self.state = state


class Heartbeat:
    """Reports `progress` every two seconds while the context is open.

    Attributes:
        progress: assign a new value at any time; the next beat sends it.
        stop: set once the run is to end; also set it from outside to end the run.
        state: what the run is to become then, stopped or paused.
        worker: the process it speaks for.
        gone: whether the run no longer belongs to this process.
    """

    def __init__(self, store: RunStore, run_id: int, worker: WorkerId) -> None:
        run = store.get(run_id)
        self.progress = replace(run.progress, stage="starting", eta_seconds=None)
        self.stop = threading.Event()
        # A signal without a request: Ctrl-C in a terminal, or a system that shuts down.
        self.state = RunState.PAUSED if run.background else RunState.STOPPED
        self.gone = False
        self.worker = worker
        self._store, self._run_id = store, run_id
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def check(self) -> None:
        """Raise StopRequestedError if the run is to end."""
        if self.stop.is_set():
            raise StopRequestedError(state=self.state)

    def _loop(self) -> None:
        last = float("-inf")
        while not self._end.is_set():
            try:
                if time.monotonic() - last >= BEAT_S:
                    self._heed(self._store.heartbeat(self._run_id, self.worker, self.progress))
                    last = time.monotonic()
                else:
                    self._heed(self._store.requested(self._run_id))
            except SQLAlchemyError as error:
                # A database that is locked or away for a while is no reason to lose a training.
                log.warning("the run database did not answer: %s", reason(error))
            self._end.wait(LISTEN_S)

    def _heed(self, beat: Beat) -> None:
        self.gone = beat is Beat.GONE
        if beat is not Beat.GO_ON:
            self.state = RunState.PAUSED if beat is Beat.PAUSE else RunState.STOPPED
            self.stop.set()
