"""Work that is too long for a request: done in a thread, one piece after the other."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

FORGOTTEN_S = 60.0  # work that waits and that nobody has asked for since is left out

_all: list[Background] = []


class Job:
    """A piece of work and how far it is; requests look at it, the thread changes it.

    Attributes:
        fraction: done, 0 to 1.
        message: what is being done.
        error: what ended it; None while it runs and when it is done.
        stop: set when the work is to end early.
        started: when it began, on the monotonic clock; None while it waits.
        asked: when somebody last asked for it.
        told: whether somebody has been told of the error.
    """

    def __init__(self, work: Callable[[Job], None]) -> None:
        self.work = work
        self.fraction, self.message = 0.0, "Waiting for other work to end"
        self.error: BaseException | None = None
        self.stop = threading.Event()
        self.started: float | None = None
        self.asked = time.monotonic()
        self.told = False
        self._ended = threading.Event()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def report(self, fraction: float, message: str) -> None:
        """Say how far it is."""
        self.fraction, self.message = fraction, message

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        return self._ended.wait(seconds)

    def raise_error(self) -> None:
        """Raise what ended it, if it was an error; whoever asks after that begins anew."""
        if self.error is not None:
            self.told = True
            raise self.error

    def seconds_left(self, estimate: float) -> float:
        """What is left by the clock once some of it is done, before that of the estimate."""
        passed = 0.0 if self.started is None else time.monotonic() - self.started
        if self.fraction < 0.1:
            return max(1.0, estimate - passed)
        return max(1.0, passed * (1 - self.fraction) / self.fraction)

    def drop(self) -> None:
        """End it before it began."""
        self.error = RuntimeError("It was left out, since nobody waited for it any more.")
        self._ended.set()

    def run(self) -> None:
        """Do the work; an error is kept for whoever asks."""
        self.started = time.monotonic()
        self.message = "Starting"
        try:
            self.work(self)
        except (ValueError, ArithmeticError, OSError, RuntimeError) as error:
            self.error = error
        except BaseException as error:
            self.error = error
            raise
        finally:
            self._ended.set()


class Background:
    """One thread for work of a kind, there while there is work; made once, when it is imported.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._jobs: dict[Hashable, Job] = {}
        self._waiting: deque[Hashable] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        _all.append(self)

    def ask(self, key: Hashable, work: Callable[[Job], None]) -> Job:
        """The job of that key; begun if it is not under way, or failed and that was told."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and (not job.ended or (job.error is not None and not job.told)):
                job.asked = time.monotonic()
                return job
            job = self._jobs[key] = Job(work)
            self._waiting.append(key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
            return job

    def stop(self) -> None:
        """Ask all work to end, and wait until it has."""
        with self._lock:
            for key in self._waiting:
                self._jobs[key].drop()
            self._waiting.clear()
            for job in self._jobs.values():
                job.stop.set()
            self._jobs.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            while (found := self._next()) is not None:
                key, job = found
                job.run()
                with self._lock:
                    if job.error is None and self._jobs.get(key) is job:
                        del self._jobs[key]
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _next(self) -> tuple[Hashable, Job] | None:
        """The next job that is still wanted; without one the thread is given up."""
        with self._lock:
            while self._waiting:
                key = self._waiting.popleft()
                job = self._jobs[key]
                if time.monotonic() - job.asked < FORGOTTEN_S:
                    return key, job
                self._jobs.pop(key).drop()
            self._thread = None
            return None


def stop_all() -> None:
    """End all work of this process; for the server's end."""
    for background in _all:
        background.stop()
