"""What a notebook needs beyond the rooms' own functions: train, and find a checkpoint."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from vaelab import settings
from vaelab.checkpoints import Checkpoint, read_checkpoint
from vaelab.commands.console import Console
from vaelab.data import DataSpec, resolve_source
from vaelab.runs import RunStore
from vaelab.runs.config import MODEL_SETTINGS, RunConfig, free_name
from vaelab.runs.processes import this_worker
from vaelab.runs.worker import execute
from vaelab.training import TrainConfig

TRAIN_SETTINGS = frozenset(field.name for field in fields(TrainConfig))


def train(
    dataset: str | Path | DataSpec = "digits",
    family: str = "vae",
    *,
    name: str | None = None,
    checkpoints: str | Path | None = None,
    data_dir: str | Path | None = None,
    overwrite: bool = False,
    progress: bool = True,
    **chosen: Any,
) -> Checkpoint:
    """Train here and now, as `python -m vaelab train` does; the checkpoint that came of it.

    >>> checkpoint = train("digits", "cvae", latent_dim=2, epochs=30)
    >>> model = load_model(checkpoint)

    Args:
        dataset: a name, the path of a folder, `.zip` or `.npz`, or a `DataSpec`.
        family: `ae`, `vae` or `cvae`.
        name: of the run and its folder; one that is free when None.
        checkpoints: where the checkpoint's folder is made; `settings.checkpoints_dir()` when None.
        data_dir: folder of the named data sets' files; `settings.data_dir()` when None.
        overwrite: whether a checkpoint of that name may be replaced.
        progress: whether to print a line an epoch.
        chosen: fields of `ModelConfig` and `TrainConfig` by name.

    Raises:
        ValueError: for unknown or invalid settings, and (`DataError`) for unusable data.
        ArithmeticError: if the loss became NaN or infinite.
    """
    unknown = set(chosen) - MODEL_SETTINGS - TRAIN_SETTINGS
    if unknown:
        allowed = ", ".join(sorted(MODEL_SETTINGS | TRAIN_SETTINGS))
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}; there are {allowed}.")
    data_folder = Path(data_dir) if data_dir else None
    if isinstance(dataset, DataSpec):
        spec = dataset
    else:
        spec = DataSpec(resolve_source(dataset, data_folder))
    folder = Path(checkpoints or settings.checkpoints_dir())
    config = RunConfig(
        name=name or free_name(f"{Path(spec.source).stem}-{family}", folder),
        data=spec,
        family=family,
        model={key: value for key, value in chosen.items() if key in MODEL_SETTINGS},
        train=TrainConfig(**{k: v for k, v in chosen.items() if k in TRAIN_SETTINGS}),
        checkpoints=str(folder),
        data_dir=str(data_dir or ""),
        overwrite=overwrite,
    )
    config.require_free_folder()
    store = RunStore()
    try:
        run_id = store.start_foreground(config, this_worker())
        with Console(sys.stdout) as console:
            execute(run_id, store, console.tell if progress else lambda _event: None)
    finally:
        store.close()
    return read_checkpoint(config.checkpoint_folder)


def find_checkpoint(name: str | Path) -> Path:
    """The folder `name`, or the one of that name in the checkpoints folder."""
    path = Path(name).expanduser()
    known = settings.checkpoints_dir() / path
    return known if not path.exists() and known.exists() else path


def load_checkpoint(name: str | Path) -> Checkpoint:
    """The checkpoint in the folder `name`, or of that name in the checkpoints folder.

    Raises:
        CheckpointError: if it is missing, damaged or too new, with the reason.
    """
    return read_checkpoint(find_checkpoint(name))
