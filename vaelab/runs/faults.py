"""What went wrong, in a sentence that says what a person can do about it."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
from sqlalchemy.exc import DBAPIError, OperationalError

from vaelab.runs import dialects
from vaelab.runs.opening import DatabaseAwayError

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What torch says when the system gives it no memory, as text of a RuntimeError.
_NO_MEMORY = ("can't allocate memory", "out of memory", "bad_alloc")
PATIENCE_S = 600.0  # a database that is locked or away for longer ends a run
RETRY_S = 2.0

Result = TypeVar("Result")


class PeerError(ConnectionError):
    """Another process of the same run has ended; the message is one sentence."""


def sentence(error: BaseException) -> str:
    """What the run's record says of an error; ours are sentences, others need their name."""
    text = str(error).strip() or type(error).__name__
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted before the checkpoint was saved."
    if is_disk_full(error):
        return "The disk is full: free some space, then resume the run."
    if isinstance(error, DBAPIError):
        minutes = f"{PATIENCE_S / 60:.0f} minutes"
        return f"The run database did not answer for {minutes}: {dialects.reason(error)}."
    if is_out_of_memory(error):
        return (
            "Memory ran out; smaller batches, a narrower network or smaller images need less. "
            f"{psutil.virtual_memory().available / 2**20:,.0f} MB are free now."
        )
    if isinstance(error, (ValueError, ArithmeticError, PeerError)):
        return text[0].upper() + text[1:]
    return f"{type(error).__name__}: {text}"


def is_disk_full(error: BaseException) -> bool:
    """Whether the error is that of a full disk, a used-up quota or a file that may not grow."""
    if isinstance(error, OperationalError):
        return dialects.is_full(error)
    return isinstance(error, OSError) and error.errno in DISK_FULL


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was refused, by Python, the system or a device."""
    if isinstance(error, MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in _NO_MEMORY)


def patiently(
    work: Callable[[], Result],
    tell: Callable[[str], None],
    check: Callable[[], None] = lambda: None,
    patience_s: float = PATIENCE_S,
    *,
    through_full_disk: bool = False,
) -> Result:
    """Do `work` with the run database, again and again while that is locked or away.

    Args:
        work: one transaction, harmless to repeat.
        tell: is told of each failure in a sentence.
        check: is called before each new attempt and may raise.
        patience_s: after so long the last error is raised.
        through_full_disk: wait for space too, instead of raising at once.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return work()
        except (OperationalError, DatabaseAwayError) as error:
            full = is_disk_full(error) and not through_full_disk
            if full or time.monotonic() >= deadline:
                raise
            tell(f"the run database did not answer: {dialects.reason(error)}")
        time.sleep(RETRY_S)
        check()


def oom_kills() -> int | None:
    """How many processes this machine has killed for lack of memory; None where none tells."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return None
    counts = dict(line.split(maxsplit=1) for line in lines)
    return int(counts["oom_kill"]) if "oom_kill" in counts else None
