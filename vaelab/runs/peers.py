"""The processes that `torchrun` started for one run: how they meet, and how one ends them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from socket import gethostname
from typing import Protocol

import torch
import torch.distributed as dist
from torch.distributed.rendezvous import rendezvous

from vaelab.runs.faults import PeerError, sentence
from vaelab.training.world import ALONE, World

BACKENDS = "cpu:gloo,cuda:nccl"  # what is agreed on goes by the CPU, gradients where they are
# A process that ends is noticed at once; one whose machine vanishes, after so long. A process
# that loads its images more slowly than the others by so much is taken for gone.
PATIENCE = timedelta(minutes=30)
LAST_WORDS = "last words"  # key in the store
_CUT = re.compile("gloo|nccl|connection|socket|timed out|timeout", re.IGNORECASE)


class Store(Protocol):
    """What the processes keep together while they live; torchrun's lives as long as torchrun."""

    def compare_set(self, key: str, expected: str, desired: str) -> bytes: ...


@dataclass(frozen=True, eq=False)
class Peers:
    """This process among those that work on one run.

    Attributes:
        world: all of them.
        n_here: how many of them are on this machine.
        store: where a process that ends leaves a word; None for one that is alone.
    """

    world: World = ALONE
    n_here: int = 1
    store: Store | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell the others of an error inside; one that is another's end becomes a PeerError."""
        try:
            yield
        except BaseException as error:
            if self.store is None:
                raise
            told = self._last_words(error)
            if told and is_cut(error):
                raise PeerError(told) from error
            raise

    def _last_words(self, error: BaseException) -> str:
        """What ended the run: the first error that one of them has told of."""
        rank, size = self.world.rank, self.world.size
        words = f"Process {rank} of {size} on {gethostname()} ended: {sentence(error)}"
        if is_cut(error):
            words = (
                "Another process of this run has ended without a word: it was killed, or its "
                "machine or the network is gone."
            )
        assert self.store is not None
        try:
            return self.store.compare_set(LAST_WORDS, "", words).decode()
        except RuntimeError:  # the store has ended with the process that kept it
            return words


def is_cut(error: BaseException) -> bool:
    """Whether an error is that of a process which waited for another one in vain."""
    return isinstance(error, RuntimeError) and bool(_CUT.search(str(error)))


def is_one_of_many(environment: Mapping[str, str]) -> bool:
    """Whether torchrun, or who sets the same variables, started several processes."""
    return "RANK" in environment and int(environment.get("WORLD_SIZE", "1")) > 1


@contextmanager
def joined(environment: Mapping[str, str]) -> Iterator[Peers]:
    """Meet the others; without torchrun, a process alone.

    Raises:
        ValueError: for more processes than the machine has CUDA devices.
        PeerError: if another one ended.
    """
    if not is_one_of_many(environment):
        yield Peers()
        return
    world = World(int(environment["RANK"]), int(environment["WORLD_SIZE"]))
    n_here = int(environment.get("LOCAL_WORLD_SIZE", "1"))
    _take_device(int(environment.get("LOCAL_RANK", "0")), n_here)
    store, _, _ = next(rendezvous("env://", timeout=PATIENCE))
    dist.init_process_group(
        BACKENDS if torch.cuda.is_available() else "gloo",
        store=store,
        rank=world.rank,
        world_size=world.size,
        timeout=PATIENCE,
    )
    peers = Peers(world, n_here, store)
    try:
        with peers.watched():
            yield peers
    finally:
        dist.destroy_process_group()


def _take_device(local_rank: int, n_here: int) -> None:
    """Each process of a machine its own CUDA device, where there are any."""
    if not torch.cuda.is_available():
        return
    if n_here > torch.cuda.device_count():
        raise ValueError(
            f"nproc-per-node must be at most the number of CUDA devices "
            f"({torch.cuda.device_count()}), got {n_here}; with CUDA_VISIBLE_DEVICES= the "
            "processes compute on the CPU."
        )
    torch.cuda.set_device(local_rank)
