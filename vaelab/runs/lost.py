"""Finding runs whose worker has vanished, and ending workers that no longer listen."""

from __future__ import annotations

from pathlib import Path

from vaelab.runs.children import end_of
from vaelab.runs.logs import has_state, is_here, last_words
from vaelab.runs.processes import Liveness, kill, liveness
from vaelab.runs.record import Run
from vaelab.runs.states import WORKING, RunState
from vaelab.runs.store import RunStore

SILENCE_S = 15.0  # a worker on another host that has been silent for so long is lost
JOB_SILENCE_S = 60.0  # one of a cluster's job: whoever asks the cluster knows more, and sooner
JOB_QUEUE_SILENCE_S = 600.0  # a job that waits, and that nobody looks after any more
STOP_GRACE_S = 60.0  # a background worker has so long to stop before it is ended


def mark_lost(store: RunStore, older_than_s: float = SILENCE_S) -> list[Run]:
    """Mark every run at work as lost whose worker is dead or silent; those that were.

    On this host the process itself is asked: dead is lost at once, alive is not lost however
    silent (a locked database, a suspended machine). Elsewhere, and as long as no process is
    known, the age of the last heartbeat decides, by the clock of the database. Jobs of a cluster
    are the launcher's to judge; here they are lost when they have been silent for very long.
    """
    lost = []
    working = store.list_runs(*WORKING)
    now = store.now() if working else 0.0
    for run in working:
        reason = _vanished(run, now, older_than_s)
        if reason and store.lose(run, message_of(run, reason)):
            lost.append(store.get(run.id))
    return lost


def end_deaf_workers(store: RunStore, grace_s: float = STOP_GRACE_S) -> list[Run]:
    """Kill background workers of this host that were asked to stop long ago; those that were."""
    ended = []
    working = store.list_runs(*WORKING)
    now = store.now() if working else 0.0
    for run in working:
        asked = run.stop_requested_at
        if not run.background or asked is None or now - asked < grace_s:
            continue
        if run.job is not None:  # its launcher ends it
            continue
        if run.worker is None or liveness(run.worker) is not Liveness.ALIVE:
            continue
        store.finish(run.id, RunState.STOPPED, by_force(grace_s))
        kill(run.worker)
        ended.append(store.get(run.id))
    return ended


def by_force(grace_s: float) -> str:
    """The sentence for a run whose worker was asked to stop, and had to be ended."""
    return f"Stopped by force: the worker did not react for {grace_s:.0f} seconds."


def _vanished(run: Run, now: float, older_than_s: float) -> str | None:
    silent = now - (run.heartbeat_at or run.created_at)
    if run.job is not None:
        limit = JOB_QUEUE_SILENCE_S if run.worker is None else JOB_SILENCE_S
        return f"has been silent for {silent:.0f} seconds" if silent > limit else None
    if run.worker is None:
        return "never started" if silent > older_than_s else None
    if not is_here(run.home) and silent <= older_than_s:
        return None  # the app that has its log and its child can say more of its end
    match liveness(run.worker):
        case Liveness.ALIVE:
            return None
        case Liveness.DEAD:
            return end_of(run.worker)
        case Liveness.UNKNOWN:
            return f"has been silent for {silent:.0f} seconds" if silent > older_than_s else None


def message_of(run: Run, reason: str) -> str:
    """The sentences of a run whose worker process `reason`: `was killed ...`."""
    message = f"The worker process {reason}."
    if Path(run.checkpoint).is_dir():
        message += " The checkpoint that it saved last is kept."
    if has_state(run.id):
        message += " It can be resumed from its last saved step."
    words = last_words(run.id) if run.background else ""
    return f"{message} Its last words: {words}" if words else message
