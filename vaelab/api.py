"""What a notebook needs beyond the rooms' own functions: train, find, load, measure."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from vaelab import checkpoints as stored
from vaelab import settings
from vaelab.checkpoints import Checkpoint, CheckpointError, read_checkpoint
from vaelab.commands.console import Console
from vaelab.data import DatasetSplits, DataSpec, ImageDataset, resolve_source
from vaelab.evaluation import FULL, Around, EvaluationSettings, Report
from vaelab.evaluation import evaluate as evaluate_model
from vaelab.latent import Latents
from vaelab.models import Model
from vaelab.nearest import did_you_mean
from vaelab.runs import RunStore
from vaelab.runs.config import MODEL_SETTINGS, RunConfig, free_name, require_used
from vaelab.runs.measuring import measure, settings_for
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
        known = sorted(MODEL_SETTINGS | TRAIN_SETTINGS)
        raise ValueError(
            f"unknown settings: {', '.join(sorted(unknown))}; there are {', '.join(known)}."
            f"{did_you_mean(min(unknown), known)}"
        )
    require_used(family, chosen)
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
    config.prepare_folder()
    store = RunStore()
    try:
        run_id = store.start_foreground(config, this_worker())
        with Console(sys.stdout) as console:
            execute(run_id, store, console.tell if progress else lambda _event: None)
    finally:
        store.close()
    return read_checkpoint(config.checkpoint_folder)


def find_checkpoint(name: str | Path) -> Path:
    """The folder `name`, or the one of that name in the checkpoints folder.

    Raises:
        CheckpointError: if there is neither.
    """
    path, root = Path(name).expanduser(), settings.checkpoints_dir()
    if path.exists():
        return path
    if (root / path).exists():
        return root / path
    there = [entry.name for entry in root.iterdir()] if root.is_dir() else []
    raise CheckpointError(
        f"There is no checkpoint {str(name)!r}, neither as a folder nor in {root}."
        f"{did_you_mean(path.name, there)}"
    )


def load_checkpoint(name: str | Path) -> Checkpoint:
    """The checkpoint in the folder `name`, or of that name in the checkpoints folder.

    It tells what was trained on what, its history and its report; `load_model` gives the model.

    >>> checkpoint = load_checkpoint("mnist-cvae")
    >>> checkpoint.model_config.latent_dim, checkpoint.report["elbo"].value

    Raises:
        CheckpointError: if it is missing, damaged or too new, with the reason.
    """
    return read_checkpoint(find_checkpoint(name))


def load_model(checkpoint: Checkpoint | str | Path) -> Model:
    """The trained model of a checkpoint, or of the one of that name, on the CPU.

    >>> model = load_model("mnist-cvae")
    >>> z = model.sample_latents(10, torch.arange(10))
    >>> images = model.decode(z, torch.arange(10)).mean  # (10, 1, 28, 28) in [0, 1]

    Raises:
        CheckpointError: if it is missing or damaged.
    """
    return stored.load_model(_opened(checkpoint))


def load_latents(checkpoint: Checkpoint | str | Path) -> Latents:
    """The stored codes of training and test images of a checkpoint, or of the one of that name.

    Raises:
        CheckpointError: if it is missing or damaged.
    """
    return stored.load_latents(_opened(checkpoint))


def evaluate(
    what: Checkpoint | str | Path | Model,
    images: ImageDataset | None = None,
    around: Around | None = None,
    *,
    settings: EvaluationSettings = FULL,
    split: str = "test",
    data_dir: str | Path | None = None,
) -> Report:
    """Measure a checkpoint on the data it was trained on, or a model on images of yours.

    >>> report = evaluate("digits-vae-2d")
    >>> print(report)
    >>> report["elbo"].value, report["elbo"].standard_error  # nats per image
    >>> evaluate(model, load_dataset("digits").test)

    Args:
        what: a checkpoint, its name or folder, or a model.
        images: what a model is measured on, or a checkpoint's; its own images when None.
        around: training images and another data set, which some sections need of given images; a
            checkpoint's own are found.
        settings: which sections, and on how many images and samples. Those that the checkpoint's
            report holds already, computed with equal settings, are taken from there.
        split: `test` or `validation`, of a checkpoint's own images.
        data_dir: folder of the named data sets' files; `settings.data_dir()` when None.

    Raises:
        ValueError: with one sentence, if images and model do not fit, data has changed, or what is
            given would not be used.
    """
    if isinstance(what, Checkpoint | str | Path) and images is None:
        if around is not None:
            raise ValueError("around belongs to images of yours: a checkpoint's own are found.")
        checkpoint = _opened(what)
        folder = Path(data_dir) if data_dir else None
        return measure(checkpoint, settings_for(checkpoint, settings), split=split, data_dir=folder)
    if not isinstance(images, ImageDataset):
        hint = "; give its train, validation or test" if isinstance(images, DatasetSplits) else ""
        raise ValueError(f"images must be an ImageDataset, got {type(images).__name__}{hint}.")
    if split != "test" or data_dir is not None:
        raise ValueError("split and data_dir choose a checkpoint's own images; images were given.")
    model = load_model(what) if isinstance(what, Checkpoint | str | Path) else what
    return evaluate_model(model, images, around, settings=settings)


def _opened(checkpoint: Checkpoint | str | Path) -> Checkpoint:
    return checkpoint if isinstance(checkpoint, Checkpoint) else load_checkpoint(checkpoint)
