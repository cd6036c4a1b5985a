"""What becomes of a run by what Ray says of its job; Ray itself is a stand-in here."""

import sys
import time
from types import SimpleNamespace

import pytest

from tests.runs.launchers.cluster import free_port
from vaelab.runs import RunState, Supervisor, log_path, mark_lost, tail
from vaelab.runs.launchers import LauncherError
from vaelab.runs.launchers.ray import RayLauncher
from vaelab.runs.launchers.ray_jobs import RayJobs
from vaelab.runs.lost import STOP_GRACE_S
from vaelab.runs.processes import WorkerId

WORKER = WorkerId("another node", 77, 5.0)


@pytest.fixture
def launcher(client) -> RayLauncher:
    return RayLauncher(RayJobs("http://ray:8265", lambda _address: client))


@pytest.fixture
def submitted(store, config, launcher, client):
    """A run whose job Ray has, and that job as Ray's client describes it."""
    run_id = store.enqueue(config())
    Supervisor(store, launcher=launcher).tick()
    run = store.get(run_id)
    return run, client.jobs[run.job]


def silence(monkeypatch) -> None:
    """A minute of the wall clock goes by."""
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + STOP_GRACE_S + 1)


def test_the_workers_own_command_is_submitted_with_what_it_needs(
    store, config, launcher, client, monkeypatch, tmp_path
):
    monkeypatch.setenv("VAELAB_RAY_PYTHON", "/opt/a python")
    monkeypatch.setenv("VAELAB_RAY_GPUS", "0.5")
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "7")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "secret")
    run_id = store.enqueue(config(threads=3))
    Supervisor(store, launcher=launcher).tick()
    (job,) = client.submitted
    assert job["entrypoint"] == f"'/opt/a python' -m vaelab.runs.worker {run_id}"
    assert (job["entrypoint_num_cpus"], job["entrypoint_num_gpus"]) == (3, 0.5)
    environment = job["runtime_env"]["env_vars"]
    assert environment["VAELAB_HOME"] == str(tmp_path / "home")
    assert environment["VAELAB_DATABASE_URL"] == store.url
    assert environment["VAELAB_JOB"] == job["submission_id"] == store.get(run_id).job
    assert environment["VAELAB_CORES"] == environment["OMP_NUM_THREADS"] == "3"
    assert environment["VAELAB_STATE_SECONDS"] == "7"
    assert not any("RAY" in name or "secret" in value for name, value in environment.items())


def test_relative_places_are_whole_for_a_worker_elsewhere(
    launcher, client, config, monkeypatch, tmp_path
):
    from vaelab.runs import RunStore

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAELAB_HOME", "here")
    store = RunStore()
    store.enqueue(config())
    Supervisor(store, launcher=launcher).tick()
    store.close()
    environment = client.submitted[0]["runtime_env"]["env_vars"]
    assert environment["VAELAB_HOME"] == str(tmp_path / "here")
    assert environment["VAELAB_DATABASE_URL"] == f"sqlite:///{tmp_path / 'here' / 'runs.db'}"


def test_a_run_is_submitted_once_by_however_many_supervisors(store, config, launcher, client):
    store.enqueue(config())
    supervisors = [Supervisor(store, launcher=launcher) for _ in range(3)]
    for _ in range(2):
        for supervisor in supervisors:
            supervisor.tick()
    assert len(client.submitted) == 1


def test_a_run_claimed_by_a_supervisor_that_died_is_submitted_by_the_next(
    store, config, launcher, client
):
    store.enqueue(config())
    claimed = store.claim_next(launcher.slots(None), for_cluster=True)
    Supervisor(store, launcher=launcher).tick()
    assert [job["submission_id"] for job in client.submitted] == [claimed.job]


def test_the_slots_are_those_of_the_cluster(store, config, launcher, client, monkeypatch):
    for i in range(6):
        store.enqueue(config(f"run-{i}"))
    Supervisor(store, launcher=launcher).tick()
    assert len(client.submitted) == len(launcher.slots(None)) == 4
    run = store.get(1)
    assert store.attach(run.id, WORKER, run.job)  # a worker of another host still has its slot
    Supervisor(store, launcher=launcher).tick()
    assert len(client.submitted) == 4
    assert store.claim_next(1) is not None  # a host's own slots are others
    monkeypatch.setenv("VAELAB_SLOTS", "5")
    Supervisor(store, launcher=launcher).tick()
    assert len(client.submitted) == 5


def test_a_job_that_waits_is_not_lost_and_says_so(store, submitted, launcher, monkeypatch):
    run, _ = submitted
    launcher.look_after(store)
    assert store.get(run.id).progress.stage == "waiting for the cluster"
    silence(monkeypatch)
    assert mark_lost(store) == []


@pytest.mark.parametrize(
    ("ask", "state"), [("request_stop", RunState.STOPPED), ("request_pause", RunState.PAUSED)]
)
def test_what_waits_in_the_cluster_is_stopped_and_held(
    ask, state, store, submitted, launcher, client
):
    run, _ = submitted
    getattr(store, ask)(run.id)
    launcher.look_after(store)
    ended = store.get(run.id)
    assert (ended.state, ended.slot) == (state, None)
    assert "while it waited for the cluster" in ended.message
    assert client.stopped == [run.job]
    assert not store.attach(run.id, WORKER, run.job)  # should it begin all the same


def test_a_job_of_an_earlier_attempt_comes_too_late(store, submitted, launcher):
    run, _ = submitted
    store.request_pause(run.id)
    launcher.look_after(store)
    store.resume(run.id)
    Supervisor(store, launcher=launcher).tick()
    again = store.get(run.id)
    assert again.job != run.job
    assert not store.attach(run.id, WORKER, run.job)
    assert store.attach(run.id, WORKER, again.job)


def test_a_job_that_waited_longer_than_ray_lets_it_is_submitted_again(
    store, submitted, launcher, client
):
    run, job = submitted
    job.status, job.error_type = "FAILED", "JOB_SUPERVISOR_ACTOR_START_TIMEOUT"
    launcher.look_after(store)
    again = store.get(run.id)
    assert again.state is RunState.RUNNING
    assert [one["submission_id"] for one in client.submitted] == [run.job, again.job]


def test_the_output_of_a_job_becomes_the_log_of_the_run(store, submitted, launcher, client):
    run, job = submitted
    job.status = "RUNNING"
    log_path(run.id).write_text("of an earlier attempt\n")
    client.logs[run.job] = "Running entrypoint for job x: python\n2026-01-31 10:00:00 epoch 1\n"
    launcher.look_after(store)
    client.logs[run.job] += "2026-01-31 10:00:01 epoch 2\n"
    store.finish(run.id, RunState.DONE)
    launcher.look_after(store)
    assert len(tail(run.id)) == 3  # its process has not ended yet
    job.status, job.driver_exit_code = "SUCCEEDED", 0
    launcher.look_after(store)
    assert tail(run.id) == [
        "of an earlier attempt",
        f"--- {run.job} ---",
        "2026-01-31 10:00:00 epoch 1",
        "2026-01-31 10:00:01 epoch 2",
    ]


@pytest.mark.parametrize(
    ("status", "code", "message", "says"),
    [
        ("FAILED", -9, "", "was killed (SIGKILL)"),
        ("FAILED", 137, "", "was killed (SIGKILL)"),
        ("FAILED", 143, "", "ended by the signal SIGTERM"),
        ("FAILED", 3, "", "ended with exit status 3"),
        ("FAILED", None, "The actor is dead because its node has died.", "lost with the node"),
        ("FAILED", None, "Something else. And\nmore", "lost by Ray: Something else. And."),
        ("STOPPED", -15, "", "ended in Ray by somebody"),
        (None, None, "", "not known to Ray any more"),
    ],
)
def test_a_worker_that_is_gone_is_lost_with_a_sentence(
    status, code, message, says, store, submitted, launcher, client, monkeypatch
):
    run, job = submitted
    assert store.attach(run.id, WORKER, run.job)
    client.logs[run.job] = "Traceback\nMemoryError: too much\n"
    if status is None:
        del client.jobs[run.job]
    else:
        job.status, job.driver_exit_code, job.message = status, code, message
    launcher.look_after(store)
    assert store.get(run.id).state is RunState.RUNNING  # it may be about to say so itself
    silence(monkeypatch)
    launcher.look_after(store)
    lost = store.get(run.id)
    assert lost.state is RunState.LOST
    assert says in lost.message
    assert lost.message.endswith("Its last words: MemoryError: too much")
    assert len(client.submitted) == 1


def test_a_worker_that_never_reported_fails_with_its_last_words(store, submitted, launcher, client):
    run, job = submitted
    job.status, job.driver_exit_code = "FAILED", 1
    client.logs[run.job] = "Traceback\nModuleNotFoundError: No module named 'torch'\n"
    launcher.look_after(store)
    failed = store.get(run.id)
    assert failed.state is RunState.FAILED
    assert "could not be started by Ray: it ended with exit status 1" in failed.message
    assert failed.message.endswith("No module named 'torch'")


def test_a_worker_that_does_not_listen_is_stopped_by_force(
    store, submitted, launcher, client, monkeypatch
):
    run, job = submitted
    store.attach(run.id, WORKER, run.job)
    job.status = "RUNNING"
    store.request_stop(run.id)
    launcher.look_after(store)
    assert client.stopped == []
    silence(monkeypatch)
    launcher.look_after(store)
    assert client.stopped == [run.job]
    assert store.get(run.id).message.startswith("Stopped by force")


class RefusedError(Exception):
    """Of Ray's own family, which is no other's."""


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (RefusedError("Authentication failed: token"), "does not accept this server's token"),
        (ConnectionError("Failed to connect"), "Ray does not answer at http://ray:8265 (Failed"),
        (RuntimeError("Authentication required: no token"), "does not accept this server's token"),
    ],
)
def test_without_the_cluster_the_runs_wait_and_a_sentence_says_why(
    trouble, says, store, config, launcher, client, caplog, monkeypatch
):
    monkeypatch.setitem(sys.modules, "ray.exceptions", SimpleNamespace(RayError=RefusedError))
    run_id = store.enqueue(config())
    client.trouble = trouble
    supervisor = Supervisor(store, launcher=launcher)
    for _ in range(3):
        supervisor.tick()
    assert says in supervisor.trouble
    assert len(caplog.records) == 1
    assert store.get(run_id).state is RunState.QUEUED
    client.trouble = None
    supervisor.tick()
    assert supervisor.trouble == ""
    assert store.get(run_id).state is RunState.RUNNING


def test_an_address_where_nobody_listens_is_said_in_a_sentence():
    jobs = RayJobs(f"127.0.0.1:{free_port()}")
    with pytest.raises(LauncherError, match="VAELAB_RAY_ADDRESS"):
        jobs.require()


@pytest.mark.parametrize(("name", "value"), [("CPUS", "0"), ("GPUS", "-1"), ("CPUS", "many")])
def test_settings_that_ask_for_nothing_sensible_are_refused(name, value, monkeypatch):
    monkeypatch.setenv(f"VAELAB_RAY_{name}", value)
    with pytest.raises(ValueError, match=f"VAELAB_RAY_{name} must be"):
        RayLauncher()
