"""The states of a run and the only ways from one to another."""

from __future__ import annotations

from enum import StrEnum


class RunError(ValueError):
    """A request to the run database that cannot be met; the message is one sentence."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"  # waits for a free slot
    RUNNING = "running"  # claimed by a supervisor or a foreground process
    PAUSING = "pausing"  # asked to pause; its worker still saves
    PAUSED = "paused"  # saved and without a process; goes on when asked to
    DONE = "done"  # trained, encoded, evaluated, saved
    STOPPED = "stopped"  # ended on request; the last checkpoint is kept
    FAILED = "failed"  # ended by an error that the message names
    LOST = "lost"  # the worker vanished without a word


# What leads back to `queued` is a person who resumes the run from its saved state.
# `lost -> running` is a worker that was only out of reach (a suspended machine, a cut network)
# and reports again: the same process, checked by its identity.
# `running -> paused` is a worker that was asked to end by the system, as before a reboot.
TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPED}),
    RunState.RUNNING: frozenset(
        {
            *(RunState.PAUSING, RunState.PAUSED, RunState.DONE),
            *(RunState.STOPPED, RunState.FAILED, RunState.LOST),
        }
    ),
    RunState.PAUSING: frozenset(
        {RunState.PAUSED, RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST}
    ),
    RunState.PAUSED: frozenset({RunState.QUEUED, RunState.STOPPED}),
    RunState.LOST: frozenset({RunState.RUNNING, RunState.QUEUED}),
    RunState.STOPPED: frozenset({RunState.QUEUED}),
    RunState.FAILED: frozenset({RunState.QUEUED}),
    RunState.DONE: frozenset(),
}

WORKING = frozenset({RunState.RUNNING, RunState.PAUSING})  # a process is at it
ACTIVE = frozenset({RunState.QUEUED, *WORKING})  # goes on by itself
UNFINISHED = frozenset({*ACTIVE, RunState.PAUSED})  # its checkpoint's name is taken
RESUMABLE = frozenset(state for state, to in TRANSITIONS.items() if RunState.QUEUED in to)


def check_transition(current: RunState, to: RunState) -> None:
    """Raise RunError unless `current -> to` stands in `TRANSITIONS`."""
    allowed = TRANSITIONS[current]
    if to not in allowed:
        names = ", ".join(sorted(allowed)) or "nothing else"
        raise RunError(f"A run that is {current} cannot become {to}; it can become {names}.")
