"""Real runs on a real Ray of two nodes, which this file starts: slow, so few and long stories."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.runs.launchers.cluster import Cluster, processes_of, status_without_token
from vaelab.checkpoints import read_checkpoint
from vaelab.runs import RunState, RunStore, Supervisor, log_path
from vaelab.runs.launchers.ray import RayLauncher
from vaelab.runs.launchers.ray_jobs import RayJobs

# Ray is not imported to find out: it reads at its import whether there is a token.
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason="Ray is not installed (requirements-ray.txt)",
    ),
]

FOR_EVER = 100_000  # epochs


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        cluster = Cluster()
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        patch.setenv("RAY_API_SERVER_ADDRESS", cluster.address)
        yield cluster
        cluster.end()


@pytest.fixture(scope="module")
def node(cluster):
    return cluster.add_node()


@pytest.fixture(autouse=True)
def states_are_saved_at_once(monkeypatch) -> None:
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "0.5")


@pytest.fixture
def eventually(eventually):
    return partial(eventually, limit_s=400.0)


@contextmanager
def supervised(store: RunStore, cluster: Cluster) -> Iterator[Supervisor]:
    supervisor = Supervisor(store, launcher=RayLauncher(RayJobs(cluster.address)))
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def log(run_id: int) -> str:
    """What has been fetched of a run's output; it comes every few seconds."""
    path = log_path(run_id)
    return path.read_text() if path.exists() else ""


def in_state(store: RunStore, run_id: int, state: RunState) -> bool:
    run = store.get(run_id)
    wanted = run.state is state
    assert wanted or run.state not in (RunState.FAILED, RunState.LOST), run.message
    return wanted


def test_without_the_token_the_cluster_takes_no_job(cluster):
    assert status_without_token(f"{cluster.address}/api/jobs/") == 401


def test_two_runs_train_at_once_one_ends_and_one_is_stopped(
    cluster, node, store, config, eventually
):
    long = store.enqueue(config("long", epochs=FOR_EVER))
    with supervised(store, cluster):
        eventually(lambda: "epoch 1 of" in log(long))
    assert store.metrics(long) != []

    short = store.enqueue(config("short", epochs=2))
    with supervised(RunStore(store.url), cluster) as restarted:  # the first one's job is found
        eventually(lambda: in_state(store, short, RunState.DONE))
        assert in_state(store, long, RunState.RUNNING)
        store.request_stop(long)
        eventually(lambda: in_state(store, long, RunState.STOPPED))
        eventually(lambda: "stopped. Stopped in epoch" in log(long))
        eventually(lambda: "epoch 2 of 2" in log(short))
    restarted.store.close()
    assert read_checkpoint(store.get(short).checkpoint).report is not None
    assert read_checkpoint(store.get(long).checkpoint).epoch >= 1


def test_what_has_no_room_waits_and_what_a_lost_node_ran_goes_on_elsewhere(
    cluster, node, store, config, eventually
):
    one, two, three = (store.enqueue(config(name, epochs=FOR_EVER)) for name in ("1", "2", "3"))
    with supervised(store, cluster):
        eventually(lambda: all(store.get(run).progress.saved_at for run in (one, two)))
        eventually(lambda: store.get(three).progress.stage == "waiting for the cluster")
        store.request_stop(three)
        eventually(lambda: in_state(store, three, RunState.STOPPED))

        eventually(lambda: all("epoch 1 of" in log(run) for run in (one, two)))
        there = {process.pid for process in processes_of(node)}
        (lost,) = [run for run in (one, two) if store.get(run).worker.pid in there]
        (kept,) = {one, two} - {lost}
        cluster.kill(node)
        eventually(lambda: store.get(lost).state is RunState.LOST)
        message = store.get(lost).message
        assert message.startswith("The worker process was lost")  # Ray has several words for it
        assert "can be resumed from its last saved step" in message
        assert "epoch 1 of" in log(lost)

        store.request_pause(kept)
        eventually(lambda: in_state(store, kept, RunState.PAUSED))
        seen = store.get(lost).progress.epoch
        store.resume(lost)
        eventually(lambda: store.get(lost).progress.epoch > seen)
        eventually(lambda: "resumed after epoch" in log(lost))
        store.request_stop(lost)
        eventually(lambda: in_state(store, lost, RunState.STOPPED))
