"""How much of the machine training may take: all that is decided about it is in this file.

Training takes all cores, spins only shortly while it waits, and gives way to pages: it has the
lowest priority there is, and what serves a page takes the core from it at once. On two cores, two
torch processes of two spinning threads each were seen to run 20 times slower than one thread each;
threads that sleep at once, on the other hand, do a third fewer steps a second.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager

NICENESS = 19  # of a background worker: pages, which are ordinary, come first

# OpenMP threads sleep after a fraction of a millisecond; libgomp and libomp each have their own
# words for it.
_PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "10000", "KMP_BLOCKTIME": "0"}
CORES = "VAELAB_CORES"  # in the environment: so many of the machine's cores were lent to it

_COUNTS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def usable_cores() -> int:
    """Cores that this process may run on, at least one."""
    n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    lent = os.environ.get(CORES, "")
    return max(1, min(n, int(lent)) if lent.isdecimal() else n)


def training_threads(asked: int = 0, processes: int = 1) -> int:
    """`asked`, or with 0 all cores, divided among the processes that train on this machine.

    One core fewer where waiting threads spin, as in a notebook that had imported torch before.
    """
    cores = usable_cores() - (0 if _sleeps(os.environ) else 1)
    return asked or max(1, cores // processes)


def _sleeps(environment: Mapping[str, str]) -> bool:
    return environment.get("OMP_WAIT_POLICY", "").upper() == _PASSIVE["OMP_WAIT_POLICY"]


def wait_asleep(environment: MutableMapping[str, str]) -> None:
    """Have OpenMP's waiting threads sleep; a variable that is set already stays."""
    for name, value in _PASSIVE.items():
        environment.setdefault(name, value)


def prepare_environment(environment: MutableMapping[str, str], asked: int = 0) -> None:
    """Set what OpenMP reads when torch is imported; a variable that is set already stays.

    With 0 threads asked for, whatever does not set its own number has all cores but one.
    """
    wait_asleep(environment)
    for name in _COUNTS:
        environment.setdefault(name, str(asked or max(1, usable_cores() - 1)))


def give_way() -> None:
    """Lower this process's priority for good, where the system can."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if hasattr(os, "SCHED_BATCH"):  # never takes the core from somebody when it wakes up
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@contextmanager
def limited_threads(asked: int = 0, processes: int = 1) -> Iterator[None]:
    """torch computes with `training_threads` inside, and as before afterwards."""
    import torch  # not above: the supervisor and `prepare_environment` come before torch

    before = torch.get_num_threads()
    torch.set_num_threads(training_threads(asked, processes))
    try:
        yield
    finally:
        torch.set_num_threads(before)
