"""The output of jobs, fetched from their nodes into the logs of their runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Container

from vaelab.runs.launchers.launcher import LauncherError
from vaelab.runs.launchers.ray_jobs import JobState, RayJobs
from vaelab.runs.logs import keep_job_log

EVERY_S = 5.0
SHARE = 20  # a long log takes its time: fetching it takes a twentieth of the time at most

log = logging.getLogger(__name__)


class JobLogs:
    """Keeps the logs of runs up to date, so that they stay when a node or the cluster goes."""

    def __init__(self, jobs: RayJobs) -> None:
        self.jobs = jobs
        self._due: dict[tuple[int, str], float] = {}  # run and job -> when to fetch it next

    def follow(self, run_id: int, job: str) -> None:
        """Fetch what a job has printed so far, if that is due."""
        begun = time.monotonic()
        if begun >= self._due.get((run_id, job), begun):
            self.fetch(run_id, job)
            now = time.monotonic()
            self._due[run_id, job] = now + max(EVERY_S, SHARE * (now - begun))

    def fetch(self, run_id: int, job: str) -> None:
        """Fetch it now; where the node is gone, what was fetched before stays."""
        try:
            keep_job_log(run_id, job, self.jobs.output(job))
        except LauncherError as error:
            log.info("the log of run %d cannot be fetched: %.80s", run_id, error.__cause__)

    def conclude(self, working: Container[str]) -> None:
        """Fetch the last lines of the jobs that were followed and are at work no more."""
        for run_id, job in [key for key in self._due if key[1] not in working]:
            if self.jobs.find(job).state is not JobState.RUNNING:
                self.fetch(run_id, job)
                del self._due[run_id, job]
