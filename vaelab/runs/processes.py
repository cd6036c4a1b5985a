"""Which process works on a run, and whether it still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import psutil

from vaelab import settings
from vaelab.runs.threads import prepare_environment

JOB = "VAELAB_JOB"  # in the environment of a worker that is a job of a cluster: which one


class Liveness(Enum):
    """What can be said about a worker from here."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"  # another host, or a process number that may have been given out again


@dataclass(frozen=True)
class WorkerId:
    """One process of one host; process numbers are reused, start times are not.

    Attributes:
        host: see `this_host`.
        pid: its process number there.
        started: when the process started, Unix seconds.
    """

    host: str
    pid: int
    started: float

    def is_same(self, other: WorkerId) -> bool:
        """Equal, up to the second or so by which the clock's slewing moves a start time."""
        return (self.host, self.pid) == (other.host, other.pid) and self.started_near(other.started)

    def started_near(self, started: float) -> bool:
        return abs(self.started - started) < 2.0


@cache
def this_host() -> str:
    """Name of the place whose process numbers we see: the host, and on Linux its pid namespace.

    Two containers may share a host name and not their processes; without the namespace the one
    would take the other's workers for dead.
    """
    namespace = Path("/proc/self/ns/pid")
    try:
        inode = str(namespace.stat().st_ino)
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{inode}"


def worker_id(pid: int) -> WorkerId | None:
    """The identity of the process `pid` of this host, or None if there is none."""
    try:
        return WorkerId(this_host(), pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def this_worker() -> WorkerId:
    """The identity of the process that asks."""
    return WorkerId(this_host(), os.getpid(), psutil.Process().create_time())


def liveness(worker: WorkerId) -> Liveness:
    """Whether the worker lives; a zombie, which nobody has reaped yet, does not."""
    if worker.host != this_host():
        return Liveness.UNKNOWN
    try:
        process = psutil.Process(worker.pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return Liveness.DEAD
        # The start time is derived from the wall clock, which may have been set since: a
        # difference alone proves nothing, so the heartbeat decides.
        same = worker.started_near(process.create_time())
    except psutil.NoSuchProcess:
        return Liveness.DEAD
    except psutil.AccessDenied:
        return Liveness.UNKNOWN
    return Liveness.ALIVE if same else Liveness.UNKNOWN


def kill(worker: WorkerId) -> bool:
    """End the worker's process at once, if it certainly is that process; whether it was."""
    if liveness(worker) is not Liveness.ALIVE:
        return False
    try:
        psutil.Process(worker.pid).kill()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return True


def child_environment(threads: int = 0) -> dict[str, str]:
    """This process's environment for a child that imports vaelab, wherever it is started from."""
    environment = dict(os.environ)
    environment.pop(JOB, None)
    prepare_environment(environment, threads)
    paths = [str(settings.PROJECT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return environment
