"""Work that cannot look for a request itself, ended at once from another thread.

torch compiles a step in one call of many seconds. What is inside `Interruptible.stretch` is left by
an exception that a signal raises in the main thread: a signal also ends the wait for a compiler
that runs as a process of its own.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Not on Windows, where a request waits for the end of the stretch.
SIGNAL: signal.Signals | None = getattr(signal, "SIGUSR1", None)


class Interruption(BaseException):  # compilers catch every Exception
    """The stretch of work was left before its end; what it worked on is not to be used."""


class Interruptible:
    """Stretches of the main thread's work that `interrupt` ends."""

    def __init__(self) -> None:
        self._inside = False
        self._lock = threading.Lock()

    @contextmanager
    def stretch(self) -> Iterator[None]:
        """Inside, `interrupt` raises `Interruption`; outside the main thread it never does."""
        if SIGNAL is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(SIGNAL, self._handle)
        try:
            self._inside = True
            yield
        finally:
            self._inside = False
            with self._lock:  # a signal that was sent has been handled by now
                signal.signal(SIGNAL, before)

    def interrupt(self) -> None:
        """Leave the stretch that the main thread is in, if it is in one.

        It may have to be asked again: an exception raised while an object is deleted is lost.
        """
        with self._lock:
            if SIGNAL is not None and self._inside:
                signal.pthread_kill(threading.main_thread().ident or 0, SIGNAL)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._inside:
            raise Interruption
