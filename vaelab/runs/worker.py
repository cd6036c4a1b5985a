"""The process that works on one run: `python -m vaelab.runs.worker RUN_ID`."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from vaelab.runs.compiler import keep_compiled
from vaelab.runs.faults import patiently, sentence
from vaelab.runs.heartbeat import Heartbeat, StopRequestedError
from vaelab.runs.logs import has_state, remove_state
from vaelab.runs.processes import JOB, this_worker
from vaelab.runs.record import Run
from vaelab.runs.signals import stop_on_signals
from vaelab.runs.states import RunError, RunState
from vaelab.runs.store import RunStore
from vaelab.runs.threads import give_way, prepare_environment

if TYPE_CHECKING:
    from vaelab.runs.events import Event
    from vaelab.runs.peers import Peers

log = logging.getLogger(__name__)


def execute(
    run_id: int,
    store: RunStore,
    on_event: Callable[[Event], None] | None = None,
    peers: Peers | None = None,
) -> Run:
    """Do a claimed run in this process, to the end or until it is stopped; its last record.

    Args:
        run_id: a running run that is this process's, or nobody's yet.
        store: its database.
        on_event: is told of every stage, step report and epoch.
        peers: the processes that this one leads, if it is not alone.

    Raises:
        RunError: if the run is not this process's to do.
        ValueError, ArithmeticError, OSError: what ended the run, which is then `failed` with
            the error's sentence as its message; any other error likewise.
    """
    worker = this_worker()
    job = os.environ.get(JOB)
    if not patiently(lambda: store.attach(run_id, worker, job), log.warning):
        raise RunError(f"Run {run_id} has ended or belongs to another process.")
    heart = Heartbeat(store, run_id, worker)
    with heart, stop_on_signals(heart.stop):
        try:
            state, message = RunState.DONE, _work(run_id, store, heart, on_event, peers)
        except StopRequestedError as stopped:
            state = stopped.state
            message = str(stopped) or f"{state.capitalize()} before the training began."
        except BaseException as error:
            if not heart.gone:
                _finish(store, run_id, _end_of(error), _last_words(run_id, error), heart)
            raise
    if heart.gone:
        raise RunError(f"Run {run_id} was deleted or taken over; this process has left it.")
    _finish(store, run_id, state, message, heart)
    if state is RunState.DONE:
        remove_state(run_id)
    return store.get(run_id)


def _finish(store: RunStore, run_id: int, state: RunState, message: str, heart: Heartbeat) -> None:
    """Record the end, however long the database takes."""
    patiently(
        lambda: store.finish(run_id, state, message, heart.worker, heart.progress),
        log.warning,
        through_full_disk=True,
    )


def _work(
    run_id: int,
    store: RunStore,
    heart: Heartbeat,
    on_event: Callable[[Event], None] | None,
    peers: Peers | None,
) -> str:
    from vaelab.runs.job import Job  # imports torch: the heart beats meanwhile

    return Job(run_id, store, heart, on_event, peers).run()


def _last_words(run_id: int, error: BaseException) -> str:
    """The sentence of an error, and what is left of the run."""
    text = sentence(error)
    if has_state(run_id) and not isinstance(error, ArithmeticError):
        text += " What it had learnt is saved: resume continues there."
    return text


def _end_of(error: BaseException) -> RunState:
    return RunState.STOPPED if isinstance(error, KeyboardInterrupt) else RunState.FAILED


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 for done, paused and stopped, 1 for failed."""
    prepare_environment(os.environ)
    keep_compiled(os.environ)
    faulthandler.enable()  # a crash below Python leaves its traceback in the log
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    give_way()
    (run_id,) = sys.argv[1:] if arguments is None else arguments
    store = patiently(RunStore, log.warning)
    try:
        run = execute(int(run_id), store)
    except (ValueError, ArithmeticError) as error:
        log.error("%s", error)
        return 1
    finally:
        store.close()
    log.info("%s. %s", run.state, run.message)
    return 0


if __name__ == "__main__":
    sys.exit(main())
