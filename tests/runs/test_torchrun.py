"""The command line under torchrun: stopped through one process, gone on with by another number."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from vaelab import settings
from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataSpec
from vaelab.runs import RunState
from vaelab.runs import job as job_module
from vaelab.runs.config import RunConfig
from vaelab.runs.interrupted import interrupted_run
from vaelab.runs.peers import is_one_of_many
from vaelab.runs.processes import this_worker
from vaelab.runs.threads import training_threads, usable_cores
from vaelab.runs.worker import execute
from vaelab.training import TrainConfig

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
TRAIN = ["-m", "vaelab", "train", "--dataset", "digits", "--latent-dim", "2", "--width", "16"]
ASKED = TrainConfig(epochs=20, batch_size=255, threads=1)
SETTINGS = ["--epochs", "20", "--batch-size", "255", "--threads", "1"]

COMMAND = [*TORCHRUN, *TRAIN, *SETTINGS, "--name", "big", "--resume"]


def config(**training) -> RunConfig:
    train = TrainConfig(**{**ASKED.to_dict(), **training})
    return RunConfig("big", DataSpec("digits"), "vae", {"latent_dim": 2, "width": 16}, train)


def follower_of(torchrun: subprocess.Popen) -> psutil.Process:
    children = psutil.Process(torchrun.pid).children(recursive=True)
    return next(child for child in children if child.environ().get("RANK") == "1")


def test_two_processes_stop_through_one_and_one_goes_on(store, monkeypatch):
    environment = {**os.environ, "PYTHONPATH": str(settings.PROJECT)}
    with subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as torchrun:
        lines = []
        for line in torchrun.stdout:
            lines.append(line)
            if line.startswith("epoch  1/20"):
                follower_of(torchrun).send_signal(signal.SIGTERM)
        errors = torchrun.stderr.read()
    assert torchrun.returncode == 0, errors
    assert "2 processes" in lines[1]
    assert len(lines) == len(set(lines)), "the follower printed too"
    (run,) = store.list_runs()
    assert run.state is RunState.STOPPED
    assert "the checkpoint holds the weights of that moment" in run.message
    assert 1 <= read_checkpoint(run.checkpoint).epoch < 20

    with pytest.raises(ValueError, match=r"other than: epochs \(it had 20, got 2\)"):
        interrupted_run(store, config(epochs=2))
    assert interrupted_run(store, config()) == run.id
    monkeypatch.setattr(job_module, "graphs_of", lambda _checkpoint: {})
    store.resume_here(run.id, this_worker())
    ended = execute(run.id, store)
    assert ended.state is RunState.DONE
    assert not ended.background
    checkpoint = read_checkpoint(run.checkpoint)
    assert checkpoint.epoch == 20
    assert load_model(checkpoint).config.latent_dim == 2
    assert interrupted_run(store, config()) is None


def test_threads_are_divided_among_the_processes_of_a_machine():
    assert training_threads(0, usable_cores()) == training_threads(0, 1000) == 1
    assert training_threads(3, 2) == 3


def test_only_several_processes_are_a_world():
    assert is_one_of_many({"RANK": "1", "WORLD_SIZE": "2"})
    for alone in ({}, {"WORLD_SIZE": "2"}, {"RANK": "0", "WORLD_SIZE": "1"}):
        assert not is_one_of_many(alone)
