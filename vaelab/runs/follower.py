"""What every process of a run but the first does: its part of each step, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

from vaelab.data import load_dataset
from vaelab.runs.config import RunConfig
from vaelab.runs.peers import Peers
from vaelab.runs.signals import stop_on_signals
from vaelab.runs.threads import limited_threads
from vaelab.runs.together import (
    make_trainer,
    require_same_images,
    resume_together,
    shared_config,
)


def follow(peers: Peers, asked: RunConfig) -> None:
    """Train along with the leader, in the order of `vaelab.runs.job`, until the run ends.

    Args:
        peers: this process among the others.
        asked: what it was started with: where it finds the images; the rest is the leader's.

    Raises:
        DataError: if it cannot read the same images.
        NonFiniteLossError: as in the leader.
    """
    world, stop = peers.world, threading.Event()
    with stop_on_signals(stop):
        config = shared_config(asked, world)
        with limited_threads(config.train.threads, peers.n_here):
            splits = load_dataset(config.data, data_dir=Path(config.data_dir))
            require_same_images(splits, world)
            trainer = make_trainer(config, splits, world)
            resume_together(trainer)
            for _ in trainer.run():
                if world.any(stop.is_set()):
                    return
