"""Images a second, test ELBO, time to a test ELBO, memory: vaelab's loop and two others.

MNIST from VAELAB_DATA, each loop in a process of its own, one after the other and in turn:
`python -m benchmarks.training [--rounds 3] [--threads 0] [--only speed|conv|target] [--json]`
pythae is measured where it is installed, see `benchmarks/requirements.txt`.

speed   784-400-20, batch 128, Adam 1e-3, grey Bernoulli, 4 epochs each
conv    vaelab's default convolutional network, a part of the images, 2 epochs
target  seconds until a test ELBO of -106, evaluation included: the others as above, vaelab with
        the defaults of the Train page, its compiling included
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

TARGET = -106.0
EPOCHS = {"speed": 4, "conv": 2, "target": 25}
N_CONV = 12_800
LOOPS = ("vaelab", "examples", "pythae")


def vaelab(part: str, train: Any, test: Any, seed: int, threads: int) -> Iterator[Any]:
    """Our loop: Adam 1e-3 without a schedule, or what the Train page would do."""
    import torch

    from benchmarks.training_task import Epoch, Task
    from vaelab.data import ImageDataset
    from vaelab.models import ModelConfig, build_model
    from vaelab.training import EpochEnd, TrainConfig, fit

    torch.manual_seed(seed)
    if part == "target":
        model, config = build_model(ModelConfig(image_shape=(1, 28, 28))), TrainConfig(seed=seed)
    else:
        model = Task("conv" if part == "conv" else "mlp", EPOCHS[part]).model()
        config = TrainConfig(
            epochs=EPOCHS[part], learning_rate=1e-3, warmup_fraction=0.0, weight_decay=0.0,
            final_learning_rate=1.0, grad_clip=0.0, seed=seed, compile=COMPILE,
        )  # fmt: skip
    before = time.perf_counter()
    events = fit(model, ImageDataset("mnist", train), ImageDataset("mnist", test), config)
    for event in events:
        if isinstance(event, EpochEnd):
            now = time.perf_counter()
            yield Epoch(now - before, event.validation.elbo or 0.0)
            before = time.perf_counter()


COMPILE = os.environ.get("BENCHMARK_COMPILE", "on")


def work(loop: str, part: str, seed: int, threads: int, images: int) -> dict[str, Any]:
    """One training in this process; what the parent prints."""
    from vaelab.runs.compiler import keep_compiled
    from vaelab.runs.threads import prepare_environment, usable_cores

    threads = threads or usable_cores()
    if loop == "vaelab":
        prepare_environment(os.environ, threads)
        keep_compiled(os.environ)
    import torch

    from benchmarks.training_rivals import RIVALS
    from benchmarks.training_task import Task, mnist

    if loop == "vaelab":
        torch.set_num_threads(threads)
    train, test = mnist(min(images, N_CONV) if part == "conv" else images)
    if loop == "vaelab":
        epochs = vaelab(part, train, test, seed, threads)
    else:
        task = Task("conv" if part == "conv" else "mlp", EPOCHS[part], seed)
        epochs = RIVALS[loop](task, train, test)
    done = []
    for epoch in epochs:
        done.append(epoch)
        if part == "target" and epoch.elbo >= TARGET:
            break
    seconds = [epoch.seconds for epoch in done]
    reached = done[-1].elbo >= TARGET
    return {
        "loop": loop,
        "part": part,
        "threads": torch.get_num_threads(),
        # the first epoch holds the compiling; memory is what the process had at most
        "images_per_second": len(train) / statistics.median(seconds[1:] or seconds),
        "first_epoch_seconds": seconds[0],
        "elbo": done[-1].elbo,
        "epochs": len(done),
        "seconds_to_target": sum(seconds) if part == "target" and reached else None,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure(part: str, rounds: int, threads: int, images: int) -> list[dict[str, Any]]:
    """Every loop `rounds` times, in turn."""
    loops = [name for name in LOOPS if name in ("vaelab", "examples") or _has_pythae(part)]
    results = []
    for seed in range(rounds):
        for loop in loops:
            command = [sys.executable, "-m", "benchmarks.training", "--work", loop, "--part", part]
            command += ["--seed", str(seed), "--threads", str(threads), "--images", str(images)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{loop} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            results.append(json.loads(done.stdout.splitlines()[-1]))
            print(f"  {part} {seed} {_line(results[-1])}", file=sys.stderr, flush=True)
    return results


def _has_pythae(part: str) -> bool:
    return part != "conv" and importlib.util.find_spec("pythae") is not None


def _line(one: dict[str, Any]) -> str:
    to_target = one["seconds_to_target"]
    return (
        f"{one['loop']:9} {one['images_per_second']:9,.0f} images/s  "
        f"test ELBO {one['elbo']:8.2f} after {one['epochs']:2}  "
        f"first epoch {one['first_epoch_seconds']:6.1f} s  "
        + ("" if to_target is None else f"{to_target:7.1f} s to {TARGET:.0f}  ")
        + f"{one['peak_mb']:6,.0f} MB  {one['threads']} threads"
    )


def summary(results: list[dict[str, Any]]) -> list[str]:
    """Medians over the rounds, and vaelab's ratio to each of the others."""
    lines = []
    for part in EPOCHS:
        medians = {
            loop: _medians([r for r in results if r["part"] == part and r["loop"] == loop])
            for loop in LOOPS
        }
        ours = medians["vaelab"]
        for loop, row in medians.items():
            if not row:
                continue
            lines.append(f"{part:6} {_line(row)}")
            if ours and loop != "vaelab":
                lines.append(f"{'':16} {_ratios(ours, row)}")
    return lines


def _medians(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        return {}
    result = dict(rows[0])
    for name, value in rows[0].items():
        values = [row[name] for row in rows if row[name] is not None]
        if isinstance(value, (int, float)) and values:
            result[name] = statistics.median(values)
    return {**result, "epochs": int(result["epochs"]), "threads": int(result["threads"])}


def _ratios(ours: dict[str, Any], other: dict[str, Any]) -> str:
    faster = ours["images_per_second"] / other["images_per_second"]
    text = (
        f"vaelab has {faster:.2f} times its images/s, ELBO {ours['elbo'] - other['elbo']:+.2f} nats"
    )
    if ours["seconds_to_target"] and other["seconds_to_target"]:
        sooner = other["seconds_to_target"] / ours["seconds_to_target"]
        text += f", reaches {TARGET:.0f} {sooner:.1f} times sooner"
    return text


def versions() -> str:
    names = ("torch", "numpy", "pillow", "pythae")
    found = [f"{n} {importlib.metadata.version(n)}" for n in names if _installed(n)]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {', '.join(found)}, {os.cpu_count()} cores{load}"


def _installed(name: str) -> bool:
    return importlib.util.find_spec({"pillow": "PIL"}.get(name, name)) is not None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="of vaelab; 0: as a run has")
    parser.add_argument("--images", type=int, default=60_000, help="fewer for a quick look")
    parser.add_argument("--only", choices=list(EPOCHS), nargs="+", default=list(EPOCHS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--work", choices=LOOPS, help=argparse.SUPPRESS)
    parser.add_argument("--part", choices=list(EPOCHS), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.work:
        asked = (parsed.work, parsed.part, parsed.seed, parsed.threads, parsed.images)
        print(json.dumps(work(*asked)))
        return
    settings = (parsed.rounds, parsed.threads, parsed.images)
    results = [result for part in parsed.only for result in measure(part, *settings)]
    if parsed.json:
        print(json.dumps({"versions": versions(), "results": results}, indent=1))
    else:
        print("\n".join([versions(), *summary(results)]))


if __name__ == "__main__":
    main()
