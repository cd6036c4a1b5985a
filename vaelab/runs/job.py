"""What a run does: data, model, epochs, codes, report, checkpoint."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vaelab.checkpoints import Checkpoint, add_graphs, save_checkpoint, update_report
from vaelab.data import DatasetSplits, load_dataset
from vaelab.data.packing import packing_watched
from vaelab.evaluation import Report, evaluate
from vaelab.export import graphs_of
from vaelab.latent.encode import Latents, concatenate, encode_dataset
from vaelab.latent.mixture import CodeMixture
from vaelab.models import Model, build_model, count_parameters
from vaelab.runs.config import RunConfig
from vaelab.runs.grids import EpochGrids, preview
from vaelab.runs.heartbeat import Heartbeat, StopRequestedError
from vaelab.runs.store import RunStore
from vaelab.runs.threads import limited_threads
from vaelab.training import EpochEnd, NonFiniteLossError, StepProgress, fit

log = logging.getLogger(__name__)

N_TRAIN_CODES = 20_000  # training images whose codes a finished checkpoint holds
N_PASSING_CODES = 2_000  # of each split, in a checkpoint saved on the way
SAVE_SECONDS = 20.0  # a checkpoint is saved at the first epoch's end after so long
SAVE_SHARE = 0.02  # of the time; a checkpoint cheaper than that is saved more often
TRAINING_SHARE = 0.95  # of the progress bar; encoding and evaluation take the rest
MOST_PICTURED = 200  # epochs that have pictures in the database


@dataclass(frozen=True)
class Stage:
    """A run enters another part of its work."""

    name: str  # loading, training, saving, exporting, evaluating
    detail: str = ""


Event = Stage | StepProgress | EpochEnd


class Job:
    """One run at work in this process.

    Args:
        run_id: its record in `store`.
        heart: carries its progress to the database, and the request to stop back.
        on_event: is told of every stage, step report and epoch.
    """

    def __init__(
        self,
        run_id: int,
        store: RunStore,
        heart: Heartbeat,
        on_event: Callable[[Event], None] | None,
    ) -> None:
        self.run_id, self.store, self.heart = run_id, store, heart
        self.config = RunConfig.from_dict(store.get(run_id).config)
        self.tell = on_event or _log_event
        self.history: list[dict[str, Any]] = []
        self.saved_at = float("-inf")
        self.save_cost = 0.0

    def run(self) -> str:
        """Do all of it; a sentence on how it went.

        Raises:
            StopRequestedError: after the weights were saved.
            ValueError, NonFiniteLossError: with one sentence.
        """
        self.config.require_free_folder()
        with limited_threads(self.config.train.threads):
            self._enter(Stage("loading", self.config.data.source))
            with packing_watched(self._packed):
                splits = load_dataset(self.config.data, data_dir=Path(self.config.data_dir))
            self.heart.check()
            shape, n_classes = splits.image_shape, len(splits.class_names)
            torch.manual_seed(self.config.train.seed)
            model = build_model(self.config.model_config(shape, n_classes))
            parts = (splits.train, splits.validation, splits.test)
            sizes = "+".join(f"{len(part):,}" for part in parts)
            self._enter(
                Stage("training", f"{sizes} images, {count_parameters(model):,} parameters")
            )
            self._train(model, splits)
            return self._conclude(model, splits)

    def _packed(self, share: float) -> None:
        self.heart.progress = replace(self.heart.progress, stage=f"packing, {share:.0%}")
        self.heart.check()

    def _train(self, model: Model, splits: DatasetSplits) -> None:
        grids = EpochGrids(splits.train, splits.validation, self.config.train.seed)
        events = fit(model, splits.train, splits.validation, self.config.train)
        try:
            for event in events:
                self._progress(event)
                if isinstance(event, EpochEnd):
                    self._record(event, model, grids)
                    self._save_on_the_way(model, splits)
                self.tell(event)
                self.heart.check()
        except StopRequestedError:
            if self.heart.gone:
                raise
            self._save(model, splits, N_PASSING_CODES)
            raise StopRequestedError(
                f"Stopped in epoch {self.heart.progress.epoch} of {self.config.train.epochs}; "
                "the checkpoint holds the weights of that moment."
            ) from None
        except NonFiniteLossError as error:
            if not self.history:
                raise
            self._save(model, splits, N_PASSING_CODES)
            kept = f"the checkpoint holds epoch {self.history[-1]['epoch']}."
            raise ArithmeticError(f"{str(error).rstrip('.')}; {kept}") from error

    def _conclude(self, model: Model, splits: DatasetSplits) -> str:
        self._enter(Stage("saving"))
        checkpoint = self._save(model, splits, N_TRAIN_CODES)
        try:
            self._export(checkpoint)
            self._enter(Stage("evaluating", f"{len(splits.test):,} test images"))
            report = evaluate(model, splits.test, progress=self._evaluated)
        except StopRequestedError:
            raise StopRequestedError(
                "Trained to the end and saved; stopped before its evaluation was complete."
            ) from None
        update_report(checkpoint, report)
        self.heart.progress = replace(self.heart.progress, fraction=1.0, eta_seconds=None)
        return f"Trained, evaluated and saved: {_headline(report)}."

    def _export(self, checkpoint: Checkpoint) -> None:
        """Lay the ONNX files beside the weights, so that opening a page never waits for them."""
        self._enter(Stage("exporting", "decoder and encoder to ONNX"))
        try:
            add_graphs(checkpoint, graphs_of(checkpoint))
        except torch.onnx.OnnxExporterError as error:
            log.warning("%s is not exported: %s", checkpoint.id, error)  # the server decodes it
        self.heart.check()

    def _evaluated(self, fraction: float, _what: str) -> None:
        done = TRAINING_SHARE + (0.99 - TRAINING_SHARE) * fraction
        self.heart.progress = replace(self.heart.progress, fraction=done, eta_seconds=None)
        self.heart.check()

    def _record(self, end: EpochEnd, model: Model, grids: EpochGrids) -> None:
        train, validation = end.train.to_dict(), end.validation.to_dict()
        self.history.append(
            {
                "epoch": end.epoch,
                "train": train,
                "validation": validation,
                "images_per_second": end.images_per_second,
            }
        )
        self.store.record_epoch(self.run_id, end.epoch, train=train, validation=validation)
        stride = -(-end.epochs // MOST_PICTURED)
        if end.epoch % stride == 0 or end.epoch in (1, end.epochs):
            pictures = {
                "reconstructions": grids.reconstructions(model),
                "samples": grids.samples(model),
            }
            for kind, png in pictures.items():
                self.store.add_image(self.run_id, end.epoch, kind, png)

    def _save_on_the_way(self, model: Model, splits: DatasetSplits) -> None:
        interval = min(SAVE_SECONDS, self.save_cost / SAVE_SHARE)
        if time.monotonic() - self.saved_at >= interval:
            self._save(model, splits, N_PASSING_CODES)

    def _save(self, model: Model, splits: DatasetSplits, n_codes: int) -> Checkpoint:
        began = time.monotonic()
        latents = encode_splits(model, splits, n_codes, self.config.train.seed)
        mixture = None
        if model.config.is_autoencoder:
            mixture = CodeMixture.fit(latents.of_split("train").mean)
        checkpoint = save_checkpoint(
            Path(self.config.checkpoints),
            self.config.name,
            model=model,
            train_config=self.config.train.to_dict(),
            splits=splits,
            latents=latents,
            history=self.history,
            preview_png=preview(model, mixture),
            mixture=mixture,
        )
        self.saved_at = time.monotonic()
        self.save_cost = self.saved_at - began
        return checkpoint

    def _enter(self, stage: Stage) -> None:
        share = 0.0 if stage.name == "loading" else self.heart.progress.fraction
        self.heart.progress = replace(self.heart.progress, stage=stage.name, fraction=share)
        self.tell(stage)

    def _progress(self, event: StepProgress | EpochEnd) -> None:
        done = event.epoch / event.epochs if isinstance(event, EpochEnd) else event.fraction
        self.heart.progress = replace(
            self.heart.progress,
            epoch=event.epoch,
            fraction=TRAINING_SHARE * done,
            eta_seconds=event.eta_seconds,
            images_per_second=event.images_per_second,
        )


def encode_splits(model: Model, splits: DatasetSplits, n: int, seed: int = 0) -> Latents:
    """Codes of up to `n` training images, drawn by `seed`, and as many test images or all.

    A checkpoint saved on the way has at most `n` of each; with `N_TRAIN_CODES` all test images.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(splits.train))[:n])
    tested = None if n >= N_TRAIN_CODES else np.arange(min(n, len(splits.test)))
    return concatenate(
        [
            encode_dataset(model, splits.train, indices=chosen),
            encode_dataset(model, splits.test, indices=tested),
        ]
    )


def _headline(report: Report) -> str:
    """The report's first figure: the ELBO, or an autoencoder's distortion."""
    first = report.figures[0]
    error = "" if first.standard_error is None else f" ± {first.standard_error:.2f}"
    return f"{first.split} {first.name} {first.value:.2f}{error} {first.unit}"


def _log_event(event: Event) -> None:
    """One line a stage and an epoch, for the log file."""
    if isinstance(event, Stage):
        log.info("%s %s", event.name, event.detail)
    elif isinstance(event, EpochEnd):
        numbers = ", ".join(f"{k} {v:.2f}" for k, v in event.validation.to_dict().items())
        log.info(
            "epoch %d of %d: validation %s; %.0f images/s",
            event.epoch,
            event.epochs,
            numbers,
            event.images_per_second,
        )
