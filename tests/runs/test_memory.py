"""A real worker that runs out of memory: refused by the system, then killed by it."""

import resource
import time

import numpy as np
import psutil
import pytest

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import RunState, children
from vaelab.runs.config import RunConfig
from vaelab.runs.diagnosis import diagnose
from vaelab.runs.launchers.local import launch
from vaelab.runs.logs import has_state
from vaelab.runs.lost import mark_lost
from vaelab.runs.saved_state import load_state
from vaelab.training import TrainConfig

SPARE = 2**24  # bytes: enough to say what happened, too little for a batch


@pytest.fixture
def wide(tmp_path) -> RunConfig:
    """Batches of more than 32 MiB: the system is asked for each anew. It would go on for hours."""
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "x.npz", x=rng.integers(0, 256, (3000, 64, 64), dtype=np.uint8))
    train = TrainConfig(
        epochs=100_000, batch_size=2300, precision="float32", compile="off", threads=1
    )
    model = {"network": "mlp", "latent_dim": 2, "width": 8}
    return RunConfig("wide", DataSpec(str(tmp_path / "x.npz")), "vae", model, train)


@pytest.fixture
def at_work(store, monkeypatch, eventually):
    """Start the next run's worker and wait until it has saved a state; its process."""
    monkeypatch.setenv("VAELAB_STATE_SECONDS", "0.1")
    started = []

    def start() -> psutil.Process:
        run = store.claim_next()
        began = time.time()
        launch(store, run)
        started.append(psutil.Process(store.get(run.id).worker.pid))

        def has_saved() -> bool:
            now = store.get(run.id)
            assert now.state is RunState.RUNNING, now.message
            return (now.progress.saved_at or 0.0) > began and now.progress.epoch > 1

        eventually(has_saved)
        return started[-1]

    yield start
    for process in started:
        if process.is_running():
            process.kill()
    children.reap()


def allow_no_more_memory(worker: psutil.Process) -> None:
    """Limit its addresses to what it has between two steps."""
    least = min(worker.memory_info().vms for _ in range(300) if not time.sleep(0.002))
    resource.prlimit(worker.pid, resource.RLIMIT_AS, (least + SPARE, resource.RLIM_INFINITY))


def learnt(run_id: int) -> tuple[int, int]:
    """The epochs and steps that the run would resume after."""
    place = load_state(run_id).place
    return place.epoch, place.step


def test_memory_that_is_refused_or_a_killed_worker_leave_a_sentence_and_all_it_had_learnt(
    store, wide, at_work, eventually, monkeypatch
):
    run_id = store.enqueue(wide)
    allow_no_more_memory(at_work())
    eventually(lambda: not store.get(run_id).is_working)
    refused = store.get(run_id)
    assert refused.state is RunState.FAILED
    assert refused.message.startswith("Memory ran out; smaller batches"), refused.message
    assert refused.message.endswith("What it had learnt is saved: resume continues there.")
    (finding,) = diagnose(refused, [])
    assert [dict(remedy.train) for remedy in finding.remedies] == [{"batch_size": 1150}]
    load_model(read_checkpoint(refused.checkpoint))
    reached = learnt(run_id)
    assert reached > (0, 0)

    counts = iter([7, 8])  # as the kernel counts what it killed
    monkeypatch.setattr(children, "oom_kills", lambda: next(counts))
    store.resume(run_id)
    at_work().kill()
    eventually(lambda: bool(mark_lost(store)))
    killed = store.get(run_id)
    assert killed.state is RunState.LOST
    assert "was killed by the system because memory ran out; smaller batches" in killed.message
    assert "It can be resumed from its last saved step." in killed.message
    (finding,) = diagnose(killed, [])
    assert finding.remedies[0].title == "Train with batch size 1,150"
    load_model(read_checkpoint(killed.checkpoint))
    assert has_state(run_id)
    assert learnt(run_id) > reached
