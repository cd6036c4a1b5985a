"""The states of a run and the only ways from one to another."""

from __future__ import annotations

from enum import StrEnum


class RunError(ValueError):
    """A request to the run database that cannot be met; the message is one sentence."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"  # waits for a free slot
    RUNNING = "running"  # claimed by a supervisor or a foreground process
    DONE = "done"  # trained, encoded, evaluated, saved
    STOPPED = "stopped"  # ended on request; the last checkpoint is kept
    FAILED = "failed"  # ended by an error that the message names
    LOST = "lost"  # the worker vanished without a word


# `lost -> running` is a worker that was only out of reach (a suspended machine, a cut network)
# and reports again: the same process, checked by its identity.
TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.STOPPED}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST}),
    RunState.LOST: frozenset({RunState.RUNNING}),
    RunState.DONE: frozenset(),
    RunState.STOPPED: frozenset(),
    RunState.FAILED: frozenset(),
}

ACTIVE = frozenset({RunState.QUEUED, RunState.RUNNING})


def check_transition(current: RunState, to: RunState) -> None:
    """Raise RunError unless `current -> to` stands in `TRANSITIONS`."""
    allowed = TRANSITIONS[current]
    if to not in allowed:
        names = ", ".join(sorted(allowed)) or "nothing else"
        raise RunError(f"A run that is {current} cannot become {to}; it can become {names}.")
