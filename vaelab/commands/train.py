"""Train an autoencoder, a VAE or a conditional VAE.

Shows images/s and the validation ELBO of every epoch; Ctrl-C stops and keeps the weights.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection
from pathlib import Path

from vaelab import settings
from vaelab.cli import INTERRUPTED, PROGRAM
from vaelab.commands.console import Console
from vaelab.commands.find_rate import find_rate
from vaelab.commands.options import add_options, given
from vaelab.commands.settings_options import DATA, MODEL, TRAINING
from vaelab.data import DataSpec, resolve_source
from vaelab.models import ModelConfig
from vaelab.runs import UNFINISHED, Run, RunState, RunStore
from vaelab.runs.config import FAMILIES, RunConfig, free_name, require_used
from vaelab.runs.follower import follow
from vaelab.runs.interrupted import interrupted_run
from vaelab.runs.peers import Peers, is_one_of_many, joined
from vaelab.runs.processes import this_worker
from vaelab.runs.sweeps import parse_choices, sweep
from vaelab.runs.worker import execute
from vaelab.training import TrainConfig

EPILOG = f"""examples:
  {PROGRAM} train --dataset digits --latent-dim 2 --epochs 30 --name digits-2d
  {PROGRAM} train --dataset mnist --data ~/data --family cvae --name mnist-cvae
  {PROGRAM} train --dataset photos.zip --image-size 64 --network conv --background
  {PROGRAM} train --dataset mnist --sweep beta=0.5,1,4 --sweep latent_dim=2,16
  torchrun --nproc-per-node 2 -m vaelab train --dataset mnist --name big --resume"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{PROGRAM} train [options]"
    data = parser.add_argument_group("data")
    data.add_argument(
        "--dataset",
        default="digits",
        metavar="NAME_OR_PATH",
        help="digits, mnist, fashion-mnist, or a folder, .zip or .npz (default: digits)",
    )
    _add_data_dir(data)
    add_options(data, DataSpec, DATA)
    data.add_argument(
        "--split-seed", type=int, default=0, metavar="N", help="of the split (default: 0)"
    )
    model = parser.add_argument_group("model")
    model.add_argument(
        "--family",
        choices=list(FAMILIES),
        default="vae",
        help="autoencoder, VAE or conditional VAE (default: vae)",
    )
    add_options(model, ModelConfig, MODEL)
    training = parser.add_argument_group("training")
    add_options(training, TrainConfig, TRAINING)
    training.add_argument(
        "--find-learning-rate",
        action="store_true",
        help="train nothing: try ever higher learning rates and print a safe one",
    )
    result = parser.add_argument_group("result")
    result.add_argument("--name", help="of the run and its checkpoint (default: DATASET-FAMILY)")
    result.add_argument(
        "--checkpoints",
        metavar="DIR",
        help="folder in which the checkpoint folder is made (default: checkpoints/)",
    )
    result.add_argument(
        "--overwrite", action="store_true", help="replace a checkpoint of that name"
    )
    result.add_argument(
        "--background", action="store_true", help="queue the run, as the app does, and return"
    )
    result.add_argument(
        "--resume",
        action="store_true",
        help="go on with the run of that --name from its last saved step, if it was interrupted; "
        "with as many processes as there are now",
    )
    sweeps = parser.add_argument_group("sweep")
    sweeps.add_argument(
        "--sweep",
        action="append",
        default=[],
        metavar="SETTING=VALUES",
        help="queue a run for each of these values, as beta=0.5,1,4; several times for a grid",
    )
    sweeps.add_argument(
        "--random", type=int, metavar="N", help="queue only N runs of the grid, drawn at random"
    )
    result.add_argument("--json", action="store_true", help="print the result as JSON")


def run(parsed: argparse.Namespace) -> int:
    if not is_one_of_many(os.environ):
        return _lead(parsed, Peers())
    if parsed.background or parsed.sweep or parsed.find_learning_rate:
        raise ValueError(
            "--background, --sweep and --find-learning-rate are one process's, "
            f"got {os.environ['WORLD_SIZE']} processes."
        )
    with joined(os.environ) as peers:
        if peers.world.is_first:
            return _lead(parsed, peers)
        follow(peers, run_config(parsed))
        return 0


def _lead(parsed: argparse.Namespace, peers: Peers) -> int:
    """What a process does that is alone, or the first one."""
    store = RunStore()
    try:
        taken = {run.name for run in store.list_runs(*UNFINISHED)}
        config = run_config(parsed, taken)
        if parsed.find_learning_rate:
            return find_rate(config, as_json=parsed.json)
        if parsed.sweep:
            return _sweep(store, config, parsed, taken)
        run_id = interrupted_run(store, config) if parsed.resume else None
        if run_id is None:
            config.prepare_folder()
        if parsed.background:
            return _queue(store, config, parsed)
        return _train(store, config, parsed, run_id, peers)
    finally:
        store.close()


def _require_used(parsed: argparse.Namespace) -> None:
    """Refuse what the model would ignore, also among the values of a sweep."""
    choices = parse_choices(parsed.sweep)
    chosen = {**given(parsed, MODEL), **given(parsed, TRAINING)}
    chosen |= {name: values[0] for name, values in choices.items()}
    require_used(parsed.family, chosen)
    for name, values in choices.items():
        for value in values[1:]:
            require_used(parsed.family, {**chosen, name: value})


def run_config(parsed: argparse.Namespace, taken: Collection[str] = ()) -> RunConfig:
    """The run that the flags ask for, not named as one of `taken`; ValueError as the settings."""
    if parsed.resume and (not parsed.name or parsed.background):
        raise ValueError(
            "--resume needs --name, that of the run to go on with, and no --background."
        )
    if parsed.random is not None and not parsed.sweep:
        raise ValueError("--random draws from a grid; say of what, as --sweep beta=0.5,1,4.")
    _require_used(parsed)
    data_dir = Path(parsed.data).expanduser() if parsed.data else None
    source = resolve_source(parsed.dataset, data_dir)
    checkpoints = str(parsed.checkpoints or settings.checkpoints_dir())
    base = f"{Path(source).stem}-{parsed.family}"
    return RunConfig(
        name=parsed.name or free_name(base, checkpoints, taken),
        data=DataSpec(source, seed=parsed.split_seed, **given(parsed, DATA)),
        family=parsed.family,
        model=given(parsed, MODEL),
        train=TrainConfig(**given(parsed, TRAINING)),
        checkpoints=checkpoints,
        data_dir=str(parsed.data or ""),
        overwrite=parsed.overwrite,
    )


def _queue(store: RunStore, config: RunConfig, parsed: argparse.Namespace) -> int:
    run_id = store.enqueue(config)
    if parsed.json:
        print(json.dumps({"run": run_id, "state": "queued"}))
        return 0
    print(f"Run {run_id} ({config.name}) is queued. It starts when the app runs; without the app:")
    print(f"  {PROGRAM} runs serve")
    print(f"Watch it on the Train page, or with {PROGRAM} runs show {run_id}")
    return 0


def _sweep(
    store: RunStore, config: RunConfig, parsed: argparse.Namespace, taken: Collection[str]
) -> int:
    found = sweep(
        config,
        parse_choices(parsed.sweep),
        most=parsed.random,
        seed=config.train.seed,
        taken=taken,
    )
    ids = [store.enqueue(one, group=config.name) for one in found]
    if parsed.json:
        print(json.dumps({"group": config.name, "runs": ids, "state": "queued"}))
        return 0
    for run_id, one in zip(ids, found, strict=True):
        print(f"Run {run_id} ({one.name}) is queued.")
    print(f"The Train page compares them as the group {config.name}. Without the app, start them:")
    print(f"  {PROGRAM} runs serve")
    return 0


def _train(
    store: RunStore,
    config: RunConfig,
    parsed: argparse.Namespace,
    run_id: int | None,
    peers: Peers,
) -> int:
    """Train here; `run_id` is the interrupted run to go on with, None for a new one."""
    if run_id is None:
        run_id = store.start_foreground(config, this_worker())
    else:
        store.resume_here(run_id, this_worker())
    with Console(sys.stderr if parsed.json else sys.stdout) as console:
        result = execute(run_id, store, console.tell, peers)
    if parsed.json:
        print(json.dumps(_as_json(result, console), indent=2))
    else:
        print(result.message)
        if Path(result.checkpoint).is_dir():  # a run that was stopped early has none
            print(result.checkpoint)
    # torchrun takes any other status for a failure, and would start a stopped run anew
    in_order = result.state is RunState.DONE or not peers.world.is_alone
    return 0 if in_order else INTERRUPTED


def _as_json(result: Run, console: Console) -> dict[str, object]:
    return {
        "run": result.id,
        "name": result.name,
        "state": str(result.state),
        "message": result.message,
        "checkpoint": result.checkpoint if Path(result.checkpoint).is_dir() else None,
        "seconds": result.seconds,
        "epochs": console.epochs,
    }


def _add_data_dir(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--data",
        metavar="DIR",
        help="folder of the named data sets' files, DIR/mnist/ and so on (default: $VAELAB_DATA)",
    )
