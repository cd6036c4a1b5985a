"""What a page's work costs while a run trains beside it, against the same on an idle machine.

    python -m benchmarks.beside_training [--seconds 15] [--rounds 3]

The work is what a page does for one interaction: 25 codes decoded by the bundled mnist-cvae and a
PNG made of them, every 50 ms. The run is a real worker's, started as the app starts it, with all
cores. Idle and busy stretches alternate; medians and 95% quantiles in milliseconds, and the ratio.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

REST_S = 0.05


def stretch(seconds: float) -> list[float]:
    """Milliseconds of every piece of work in a stretch."""
    import torch

    from vaelab import load_checkpoint, load_model
    from vaelab.pictures import grid, png_bytes

    torch.set_num_threads(1)
    model = load_model(load_checkpoint("mnist-cvae"))
    classes = torch.eye(10)[torch.arange(25) % 10]
    z = torch.randn(25, model.config.latent_dim, generator=torch.Generator().manual_seed(0))
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.perf_counter()
        with torch.no_grad():
            mean = model.decode(z, classes).mean
        png_bytes(grid((mean.numpy() * 255).astype(np.uint8)))
        taken.append((time.perf_counter() - before) * 1000)
        time.sleep(REST_S)
    return taken


def busy(seconds: float, network: str) -> list[float]:
    """A stretch beside a worker that is in its second epoch or later."""
    from vaelab.data import DataSpec
    from vaelab.runs import RunState, RunStore
    from vaelab.runs.config import RunConfig
    from vaelab.runs.launchers.local import launch
    from vaelab.training import TrainConfig

    store = RunStore()
    train = TrainConfig(epochs=100_000, compile="off")
    config = RunConfig(
        f"beside-{time.time_ns()}", DataSpec("digits"), "vae", {"network": network}, train,
        checkpoints=os.environ["VAELAB_HOME"],
    )  # fmt: skip
    run_id = store.enqueue(config)
    run = store.claim_next()
    assert run is not None
    launch(store, run)
    while store.get(run_id).progress.epoch < 2:
        time.sleep(0.2)
    taken = stretch(seconds)
    store.request_stop(run_id)
    while store.get(run_id).state is RunState.RUNNING:
        time.sleep(0.2)
    store.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--network", choices=("mlp", "conv"), default="conv")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["VAELAB_HOME"] = str(Path(home))
        idle: list[float] = []
        beside: list[float] = []
        for _ in range(chosen.rounds):
            idle += stretch(chosen.seconds)
            beside += busy(chosen.seconds, chosen.network)
    for name, taken in (("idle", idle), ("beside a training", beside)):
        low, high = np.quantile(taken, (0.5, 0.95))
        print(f"{name:18} median {low:6.1f} ms   95% {high:6.1f} ms   ({len(taken)} times)")
    print(f"{np.median(beside) / np.median(idle):.2f} times as long (medians)")


if __name__ == "__main__":
    main()
