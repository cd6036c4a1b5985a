"""Workers as jobs of a Ray cluster: the command that a host would start, on any node.

A job has a name that is written down when its run is claimed, and Ray takes a name once: a run is
submitted once, whoever else serves the database, and found again after a restart.
"""

from __future__ import annotations

import logging
import shlex
import signal

from vaelab import settings
from vaelab.runs.launchers.job_logs import JobLogs
from vaelab.runs.launchers.ray_environment import worker_environment
from vaelab.runs.launchers.ray_jobs import Job, JobState, RayJobs
from vaelab.runs.logs import last_words
from vaelab.runs.lost import STOP_GRACE_S, by_force, message_of
from vaelab.runs.record import Run
from vaelab.runs.slots import slot_names
from vaelab.runs.states import WORKING, RunState
from vaelab.runs.store import RunStore

SLOTS = 4  # runs that Ray is given at once: those that it has no room for wait there
WAIT_S = 5.0  # how often a job that waits is noted as such
FRESH_S = 6.0  # a worker that has reported so lately will say itself how its run ended

log = logging.getLogger(__name__)


class RayLauncher:
    """Submits runs to Ray and keeps their records while no worker can.

    Args:
        jobs: the cluster; the one at `settings.ray_address()` when None.

    Raises:
        ValueError: if the settings ask for no number of cores or GPUs.
    """

    is_cluster = True

    def __init__(self, jobs: RayJobs | None = None) -> None:
        settings.ray_cpus(), settings.ray_gpus()  # what is wrong with them is said at once
        self.jobs = jobs or RayJobs(settings.ray_address())
        self.logs = JobLogs(self.jobs)

    def slots(self, n: int | None) -> tuple[str, ...]:
        return slot_names((settings.slots() or SLOTS) if n is None else n)

    def start(self, store: RunStore, run: Run) -> None:
        assert run.job is not None, "claimed for a cluster"
        command = [settings.ray_python(), "-m", "vaelab.runs.worker", str(run.id)]
        cpus = run.threads or settings.ray_cpus()
        environment = worker_environment(store.url, run.job, cpus)
        self.jobs.submit(run.job, shlex.join(command), environment, cpus, settings.ray_gpus())
        log.info("run %d (%s) was submitted as job %s", run.id, run.name, run.job)

    def look_after(self, store: RunStore) -> None:
        self.jobs.require()
        at_work = {run.job: run for run in store.list_runs(*WORKING) if run.job is not None}
        for name, run in at_work.items():
            self._look_after(store, run, name)
        self.logs.conclude(at_work)

    def _look_after(self, store: RunStore, run: Run, name: str) -> None:
        job = self.jobs.find(name)
        unbegun = run.worker is None
        if unbegun and job.state is not JobState.RUNNING and _wanted(run) is not None:
            self._let_go(store, run, name, job)
        elif unbegun and job.state is JobState.UNKNOWN:
            self.start(store, run)  # whoever claimed it went away before it was submitted
        elif job.state is JobState.WAITING:
            if store.now() - (run.heartbeat_at or 0.0) > WAIT_S or not run.progress.stage:
                store.wait(run, "waiting for the cluster")
        elif job.state is JobState.RUNNING:
            self.logs.follow(run.id, name)
            self._end_deaf(store, run, name)
        elif unbegun:
            self.logs.fetch(run.id, name)
            self._end_unbegun(store, run, job)
        elif store.now() - (run.heartbeat_at or 0.0) > FRESH_S:
            self.logs.fetch(run.id, name)
            if store.lose(run, message_of(run, _reason(job))):
                log.warning("run %d (%s) is lost: %s", run.id, run.name, job.message)

    def _let_go(self, store: RunStore, run: Run, name: str, job: Job) -> None:
        """Stop or hold a run that was asked to while its job waited."""
        wanted = _wanted(run)
        assert wanted is not None
        if store.finish_unbegun(run, *wanted) and job.state is JobState.WAITING:
            self.jobs.stop(name)

    def _end_deaf(self, store: RunStore, run: Run, name: str) -> None:
        asked = run.stop_requested_at
        if asked is not None and store.now() - asked > STOP_GRACE_S:
            store.finish(run.id, RunState.STOPPED, by_force(STOP_GRACE_S))
            self.jobs.stop(name)

    def _end_unbegun(self, store: RunStore, run: Run, job: Job) -> None:
        """A job has ended, and its worker had never reported."""
        if job.has_waited_out:  # a long queue is no fault of the run
            again = store.replace_job(run)
            if again is not None:
                self.start(store, again)
        elif job.exit_code is None and job.state is not JobState.FAILED:
            store.finish_unbegun(run, RunState.STOPPED, "Its job was stopped in Ray by somebody.")
        elif job.lost_its_node:
            store.lose(run, message_of(run, _reason(job)))
        else:
            words = last_words(run.id) or _first_line(job.message)
            message = f"The worker could not be started by Ray: it {_reason(job)}. {words}"
            store.finish_unbegun(run, RunState.FAILED, message.strip())


def _wanted(run: Run) -> tuple[RunState, str] | None:
    """What somebody asked a run to become, and the sentence if its job has not begun."""
    if run.stop_requested_at is not None:
        return RunState.STOPPED, "Stopped while it waited for the cluster."
    if run.state is RunState.PAUSING:
        return RunState.PAUSED, "Held while it waited for the cluster."
    return None


def _reason(job: Job) -> str:
    """How a worker that is gone has ended, as Ray knows it: `was killed ...`."""
    if job.state is JobState.UNKNOWN:
        return "is not known to Ray any more, which was started anew since"
    if job.state is JobState.STOPPED:
        return "was ended in Ray by somebody"
    if job.lost_its_node:
        return "was lost with the node of the cluster that it ran on"
    if job.exit_code is None:
        return f"was lost by Ray: {_first_line(job.message)}"
    number = -job.exit_code if job.exit_code < 0 else job.exit_code - 128
    if number not in set(signal.Signals):
        return f"ended with exit status {job.exit_code}"
    name = signal.Signals(number).name
    if number != signal.SIGKILL:
        return f"was ended by the signal {name}"
    return f"was killed ({name}), by the system if memory ran out, or by somebody"


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason is given"])[0].rstrip(".")[:300]
