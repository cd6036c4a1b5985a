"""A small file system that fills up under a run: state, checkpoint and database at once."""

import shutil
import subprocess
from contextlib import suppress

import pytest
from sqlalchemy.exc import OperationalError

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import RunState, RunStore, faults
from vaelab.runs import job as job_module
from vaelab.runs import worker as worker_module
from vaelab.runs.config import RunConfig
from vaelab.runs.logs import has_state
from vaelab.runs.worker import execute
from vaelab.training import EpochEnd, TrainConfig


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """A file system of 8 MB that holds all that vaelab keeps."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "vaelab-test", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    monkeypatch.setenv("VAELAB_HOME", str(place / "home"))
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(place / "checkpoints"))
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_up_is_a_sentence_and_the_run_goes_on_when_there_is_space(
    small_disk, monkeypatch
):
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})
    monkeypatch.setattr(faults, "RETRY_S", 0.05)
    filler, waited = small_disk / "filler", []

    def fill(event):
        if isinstance(event, EpochEnd) and event.epoch == 2:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))

    def make_space(*said):
        """The run's last word waits for space: here it comes."""
        waited.append(said)
        filler.unlink(missing_ok=True)

    monkeypatch.setattr(worker_module.log, "warning", make_space)
    store = RunStore()
    train = TrainConfig(epochs=4, batch_size=256, threads=1)
    config = RunConfig("a", DataSpec("digits"), "vae", {"latent_dim": 2, "width": 64}, train)
    run_id = store.enqueue(config)
    store.claim_next()
    with pytest.raises((OSError, OperationalError)) as caught:
        execute(run_id, store, fill)
    assert faults.is_disk_full(caught.value)
    assert waited
    run = store.get(run_id)
    assert run.state is RunState.FAILED
    assert run.message.startswith("The disk is full: free some space, then resume the run.")
    assert has_state(run_id)
    load_model(read_checkpoint(run.checkpoint))
    store.resume(run_id)
    store.claim_next()
    assert execute(run_id, store, lambda _event: None).state is RunState.DONE
    store.close()
