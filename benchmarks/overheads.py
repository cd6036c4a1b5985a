"""What a training pays beside its steps: saving its state, and validating after each epoch.

    python -m benchmarks.overheads
    python -m benchmarks.overheads --seconds 300 --threads 2

On made-up images of MNIST's number and size and the default settings of the Train page. Shares are
of processor time where one thread works, so that a busy machine does not matter much; that of
saving is also of the clock, because a disk is waited for.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="vaelab-overheads-"))
os.environ["VAELAB_HOME"] = str(HOME)

import numpy as np  # noqa: E402
import torch  # noqa: E402

from vaelab.data import ImageDataset  # noqa: E402
from vaelab.models import ModelConfig, build_model  # noqa: E402
from vaelab.runs.compiler import keep_compiled  # noqa: E402
from vaelab.runs.saved_state import StateKeeper  # noqa: E402
from vaelab.training import EpochEnd, TrainConfig  # noqa: E402
from vaelab.training.loop import Trainer  # noqa: E402

N_TRAIN, N_VALIDATION = 54_000, 6_000
STEPS = 40  # timed, of an epoch's 422
ROUNDS = 3


def main() -> None:
    asked = arguments()
    keep_compiled(os.environ)
    torch.set_num_threads(asked.threads)
    print(f"torch {torch.__version__}, {asked.threads} threads, load {os.getloadavg()[0]:.0f}")
    try:
        for network in asked.networks.split(","):
            validation(trainer(network, asked))
        saving(trainer("conv", asked), asked.seconds)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", default="mlp,conv", help="validated (default: mlp,conv)")
    parser.add_argument("--seconds", type=float, default=120.0, help="trained with saving")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", choices=("on", "off"), default="off")
    return parser.parse_args()


def trainer(network: str, asked: argparse.Namespace) -> Trainer:
    rng = np.random.default_rng(0)

    def images(n: int, split: str) -> ImageDataset:
        pixels = rng.integers(0, 256, (n, 1, 28, 28), dtype=np.uint8)
        return ImageDataset("made up", pixels, None, (), split)

    torch.manual_seed(0)
    model = build_model(ModelConfig(network=network, image_shape=(1, 28, 28)))
    config = TrainConfig(compile=asked.compile if network == "mlp" else "off")
    return Trainer(model, images(N_TRAIN, "train"), images(N_VALIDATION, "validation"), config)


def validation(run: Trainer) -> None:
    """Print what validating after an epoch costs, relative to the epoch's steps."""
    run.prepare()
    batch = run.train.example(run.config.batch_size)
    run.step(batch, 0)
    steps, checks = [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        for number in range(STEPS):
            run.step(batch, number)
        between = time.process_time()
        run.evaluate()
        steps.append((between - began) / STEPS)
        checks.append(time.process_time() - between)
    epoch = min(steps) * run.steps_per_epoch
    kind = "compiled" if run.is_compiled else "eager"
    precision = str(run.precision).removeprefix("torch.")
    print(
        f"{run.model.config.network}, {kind}, {precision}: an epoch of {run.steps_per_epoch} steps "
        f"{epoch:.1f} s, its validation {min(checks):.2f} s, {min(checks) / epoch:.1%} of it"
    )


def saving(run: Trainer, seconds: float) -> None:
    """Print what saving the state at the default interval costs."""
    keeper = StateKeeper(1, {})
    began, used = time.monotonic(), time.process_time()
    for event in run.run():
        if keeper.is_due(at_epoch_end=isinstance(event, EpochEnd)):
            keeper.save(run, [])
        if time.monotonic() - began > seconds:
            break
    used = time.process_time() - used
    print(f"{run.model.config.network}, every {keeper.interval_s:.0f} s: {keeper.cost()}")
    saves, began = keeper.saves, time.process_time()
    keeper.save(run, [])
    cost = time.process_time() - began
    size = sum(path.stat().st_size for path in keeper.folder.iterdir()) / 2**20
    share = saves * cost / max(used, 1e-9)
    print(f"its files are {size:.1f} MB; {cost:.3f} s of the processor each, {share:.2%} of all")


if __name__ == "__main__":
    main()
