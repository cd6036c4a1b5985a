"""What is asked of the job server of a Ray cluster, and what it answers."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from vaelab.runs.launchers.launcher import LauncherError

CONNECT_S = 3.0  # an address that takes no connection for so long is not there
ANSWER_S = 20.0  # Ray's client waits for ever unless it is told otherwise
TOKEN_PLACES = "RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token"
OF_RAY = "Running entrypoint for job "  # begins a line that Ray writes into a job's output


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"  # for cores and GPUs, or for its process
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    STOPPED = "stopped"
    FAILED = "failed"
    UNKNOWN = "unknown"  # never submitted, or forgotten


# Ray's words for them; see ray.job_submission.JobStatus.
STATES = {
    "PENDING": JobState.WAITING,
    "RUNNING": JobState.RUNNING,
    "SUCCEEDED": JobState.SUCCEEDED,
    "STOPPED": JobState.STOPPED,
    "FAILED": JobState.FAILED,
}


@dataclass(frozen=True)
class Job:
    """What Ray says of a job.

    Attributes:
        message: its words for that.
        exit_code: of the job's process, once it has ended; negative for a signal.
        has_waited_out: it failed because it waited longer than Ray lets jobs wait.
    """

    state: JobState
    message: str = ""
    exit_code: int | None = None
    has_waited_out: bool = False

    @property
    def lost_its_node(self) -> bool:
        """Whether Ray says that the node that the job ran on is gone."""
        return "node has died" in self.message


class RayJobs:
    """The jobs of the cluster at `address`.

    Every method raises LauncherError, with a sentence, if the cluster does not answer.

    Args:
        address: of the job server, `http://host:8265`.
        connect: makes a `JobSubmissionClient` of that address, when it is first needed.
    """

    def __init__(self, address: str, connect: Callable[[str], Any] | None = None) -> None:
        self.address = address if "://" in address else f"http://{address}"
        self._connect = connect or connect_to
        self._client: Any = None

    def require(self) -> None:
        """Raise LauncherError unless the cluster can be asked."""
        with self._asking() as client:
            client.get_version()

    def find(self, name: str) -> Job:
        """The job of that name; an unknown one has the state of that name."""
        try:
            with self._asking() as client:
                info = client.get_job_info(name)
        except LauncherError as error:
            if "status code 404" in str(error.__cause__):
                return Job(JobState.UNKNOWN)
            raise
        return Job(
            STATES[str(getattr(info.status, "value", info.status))],
            info.message or "",
            info.driver_exit_code,
            "START_TIMEOUT" in str(info.error_type),
        )

    def submit(
        self, name: str, command: str, environment: Mapping[str, str], cpus: float, gpus: float
    ) -> None:
        """Queue a command under a name; one that another supervisor has queued stays as it is."""
        try:
            with self._asking() as client:
                client.submit_job(
                    entrypoint=command,
                    submission_id=name,
                    runtime_env={"env_vars": dict(environment)},
                    entrypoint_num_cpus=cpus,
                    entrypoint_num_gpus=gpus,
                )
        except LauncherError:
            if self.find(name).state is JobState.UNKNOWN:
                raise

    def stop(self, name: str) -> None:
        """End a job's process, or let it not begin; Ray does it in its own time."""
        with self._asking() as client:
            client.stop_job(name)

    def output(self, name: str) -> str:
        """What the job has printed so far."""
        with self._asking() as client:
            lines = str(client.get_job_logs(name)).splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(OF_RAY))

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        try:
            if self._client is None:
                self._client = self._connect(self.address)
            yield self._client
        except _errors() as error:
            self._client = None  # a cluster that was started anew wants a new one
            raise LauncherError(self._sentence(error)) from error

    def _sentence(self, error: Exception) -> str:
        text = str(error)
        if "auth" in text.lower() and ("token" in text.lower() or "status code 40" in text):
            return (
                f"Ray at {self.address} does not accept this server's token: the cluster and the "
                f"server must have the same one, in {TOKEN_PLACES}."
            )
        reason = text.strip().splitlines()[0].rstrip(".")[:300] if text.strip() else repr(error)
        return (
            f"Ray does not answer at {self.address} ({reason}); start it with `ray start --head`, "
            "or set VAELAB_RAY_ADDRESS to where it is. The runs wait."
        )


def _errors() -> tuple[type[Exception], ...]:
    """What Ray's client raises; its own classes are known once it has been imported."""
    own = sys.modules.get("ray.exceptions")
    return (OSError, RuntimeError) if own is None else (OSError, RuntimeError, own.RayError)


def connect_to(address: str) -> Any:
    """Ray's client, with the cluster's token and a limit to its patience.

    Raises:
        LauncherError: if the package is not installed.
        OSError: if nobody listens there.
    """
    place = urlsplit(address)
    port = place.port or (443 if place.scheme == "https" else 80)
    socket.create_connection((place.hostname or "", port), CONNECT_S).close()
    os.environ.setdefault("RAY_AUTH_MODE", "token")  # Ray's client, left alone, shows none
    os.environ["RAY_API_SERVER_ADDRESS"] = address  # RAY_ADDRESS would have its way otherwise
    try:
        from ray.job_submission import JobSubmissionClient  # takes seconds: only where it is used
    except ImportError:
        raise LauncherError(
            "VAELAB_LAUNCHER=ray needs Ray: `python -m pip install -r requirements-ray.txt`. "
            "The runs wait."
        ) from None
    client = JobSubmissionClient(address)
    client._do_request = partial(client._do_request, timeout=ANSWER_S)
    return client
