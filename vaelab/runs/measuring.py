"""A checkpoint's report: computed, taken up where it was left, and kept with the checkpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vaelab import settings as places
from vaelab.checkpoints import Checkpoint, load_model, update_report
from vaelab.data import DataError, DatasetSplits, ImageDataset, load_dataset, resolve_source
from vaelab.data.spec import DataSpec
from vaelab.evaluation import FULL, Around, EvaluationSettings, Report, evaluate
from vaelab.evaluation.meter import Progress

# What each data set is told from, the first that is at hand; digits against digits say nothing.
OTHERS: dict[str, tuple[str, ...]] = {
    "mnist": ("fashion-mnist",),
    "digits": ("fashion-mnist",),
    "fashion-mnist": ("mnist", "digits"),
}
OTHERS_ELSE = ("fashion-mnist", "mnist", "digits")


def settings_for(checkpoint: Checkpoint, base: EvaluationSettings = FULL) -> EvaluationSettings:
    """The settings with pixels binarised as they were in training."""
    return replace(base, binarisation=str(checkpoint.train_config.get("binarisation", "none")))


def measure(
    checkpoint: Checkpoint,
    settings: EvaluationSettings,
    *,
    split: str = "test",
    data_dir: Path | None = None,
    other: str | None = None,
    fresh: bool = False,
    save: bool = False,
    progress: Progress | None = None,
) -> Report:
    """The report of a checkpoint on the data that it was trained on.

    Args:
        checkpoint: what is measured.
        settings: which sections, and on how many images and samples.
        split: `test` or `validation`.
        data_dir: folder of the named data sets' files.
        other: source of the images that the data's are told from; one of `OTHERS` when None.
        fresh: whether to compute what the checkpoint's report already holds.
        save: whether to put each section into the checkpoint when it is done, so that what was
            measured survives a process that is killed. Test split only.
        progress: is told how far it is.

    Raises:
        ValueError: with one sentence, for data that cannot be used or has changed.
        OSError: if the report cannot be written.
    """
    if save and split != "test":
        raise ValueError(f"split must be test for a report that is kept, got {split!r}.")
    splits = load_dataset(checkpoint.data_spec, data_dir=data_dir)
    if splits.fingerprint != checkpoint.data_fingerprint:
        raise DataError(
            f"{splits.spec.source} no longer holds the images that {checkpoint.id} was trained on."
        )
    return evaluate(
        load_model(checkpoint),
        splits.test if split == "test" else splits.validation,
        _around(splits, other, data_dir),
        settings=settings,
        earlier=None if fresh or split != "test" else checkpoint.report,
        on_section=(lambda report: _keep(checkpoint, report)) if save else None,
        progress=progress,
    )


def _keep(checkpoint: Checkpoint, report: Report) -> None:
    update_report(checkpoint, report)


def _around(splits: DatasetSplits, other: str | None, data_dir: Path | None) -> Around:
    return Around(splits.train, _other(splits, other, data_dir), places.home() / "classifiers")


def _other(splits: DatasetSplits, asked: str | None, data_dir: Path | None) -> ImageDataset | None:
    """The test images of another data set; None where none is asked for or at hand."""
    spec = replace(splits.spec, source="digits", image_size=None)
    if asked is not None:
        chosen = DataSpec(resolve_source(asked, data_dir), seed=splits.spec.seed)
        return load_dataset(chosen, data_dir=data_dir).test
    for source in OTHERS.get(splits.name, OTHERS_ELSE):
        try:
            images = load_dataset(replace(spec, source=source), data_dir=data_dir, download=False)
        except DataError:
            continue  # not on this machine
        return images.test
    return None
