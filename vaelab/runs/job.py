"""What a run does: data, model, epochs, codes, report, checkpoint."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from vaelab.checkpoints import Checkpoint, add_graphs, update_report
from vaelab.data import DataError, DatasetSplits, load_dataset
from vaelab.data.packing import packing_watched
from vaelab.evaluation import QUICK, Around, evaluate
from vaelab.export import graphs_of
from vaelab.runs import accounts
from vaelab.runs.config import RunConfig
from vaelab.runs.epochs import EpochRecorder
from vaelab.runs.events import Event, Stage, log_event
from vaelab.runs.heartbeat import Heartbeat, StopRequestedError
from vaelab.runs.interruption import Interruption
from vaelab.runs.logs import state_folder
from vaelab.runs.peers import Peers
from vaelab.runs.publishing import published
from vaelab.runs.saved_state import History, SavedState, StateKeeper, load_state
from vaelab.runs.saving import N_TRAIN_CODES, CheckpointSaver
from vaelab.runs.states import RunError
from vaelab.runs.store import RunStore
from vaelab.runs.threads import limited_threads
from vaelab.runs.together import (
    make_trainer,
    require_same_images,
    resume_together,
    shared_config,
)
from vaelab.training import EpochEnd, NonFiniteLossError, RolledBack, StepProgress, Trainer

log = logging.getLogger(__name__)

TRAINING_SHARE = 0.95  # of the progress bar; encoding and evaluation take the rest


class Job:
    """One run at work in this process, from its beginning or from its saved state.

    Args:
        run_id: its record in `store`.
        heart: carries its progress to the database, and the request to stop back.
        on_event: is told of every stage, step report, epoch and roll-back.
        peers: the processes that follow this one, see `vaelab.runs.follower`.
    """

    def __init__(
        self,
        run_id: int,
        store: RunStore,
        heart: Heartbeat,
        on_event: Callable[[Event], None] | None,
        peers: Peers | None = None,
    ) -> None:
        self.peers = peers or Peers()
        self.world = self.peers.world
        self.run_id, self.store, self.heart = run_id, store, heart
        self.config = RunConfig.from_dict(store.get(run_id).config)
        self.tell = on_event or log_event
        self.history: History = []

    def run(self) -> str:
        """Do all of it; a sentence on how it went.

        Raises:
            StopRequestedError: after the state and the weights were saved.
            ValueError, NonFiniteLossError: with one sentence.
        """
        with self.peers.watched():
            return self._run()

    def _run(self) -> str:
        saved = self._find_state()
        with limited_threads(self.config.train.threads, self.peers.n_here):
            config = shared_config(self.config, self.world)
            self._enter(Stage("loading", self.config.data.source))
            self.config.require_classes()
            with packing_watched(self._packed):
                splits = load_dataset(self.config.data, data_dir=Path(self.config.data_dir))
            self._require_unchanged(splits, saved)
            self.heart.check()
            require_same_images(splits, self.world)
            trainer = make_trainer(config, splits, self.world)
            if saved is not None:
                self.history = saved.history
            resume_together(trainer, *((saved.good, saved.now) if saved else ()))
            self.recorder = EpochRecorder(
                self.run_id, self.store, self.heart, splits, self.config.train.seed
            )
            self.keeper = StateKeeper(self.run_id, {"fingerprint": splits.fingerprint})
            self.saver = CheckpointSaver(self.config, splits)
            self._prepare(trainer, saved)
            self._enter(Stage("training", accounts.what(splits, trainer, saved)))
            self._train(trainer)
            return self._conclude(trainer, splits)

    def _packed(self, share: float) -> None:
        self.heart.progress = replace(self.heart.progress, stage=f"packing, {share:.0%}")
        self.heart.check()

    def _find_state(self) -> SavedState | None:
        """What the run resumes from; None if it begins.

        Raises:
            RunError: if there was a state, and it is not on this machine.
        """
        saved = load_state(self.run_id)
        if saved is None:
            if self.heart.progress.saved_at is not None:
                raise RunError(
                    f"the saved state of run {self.run_id} is not in {state_folder(self.run_id)}; "
                    "resume it on the machine that it ran on."
                )
            self.config.prepare_folder()
        return saved

    def _require_unchanged(self, splits: DatasetSplits, saved: SavedState | None) -> None:
        if saved is not None and saved.description["fingerprint"] != splits.fingerprint:
            raise DataError(
                f"the images of {self.config.data.source} have changed since this run began; "
                "bring the old ones back to resume it, or start a new run."
            )

    def _prepare(self, trainer: Trainer, saved: SavedState | None) -> None:
        """Compile the step, if it is to be; a request to stop or pause ends that at once.

        Nothing has been trained since the state that was saved last, so nothing is saved.
        """
        if not trainer.will_compile:
            return
        self._enter(Stage("compiling", "the step"))
        try:
            with self.heart.interruptible.stretch():
                trainer.prepare()
        except Interruption:
            log.info("compiling was broken off")
        if self.heart.stop.is_set():
            state, epochs = self.heart.state, self.config.train.epochs
            said = "" if saved is None else accounts.stood(saved.place, epochs, state)
            raise StopRequestedError(said, state)

    def _train(self, trainer: Trainer) -> None:
        try:
            for event in trainer.run():
                ended = isinstance(event, EpochEnd)
                self._progress(event)
                if isinstance(event, EpochEnd):
                    self.history.append(self.recorder.record(event, trainer.model))
                if self.keeper.is_due(at_epoch_end=ended) or isinstance(event, RolledBack):
                    self._save_state(trainer)
                if ended:
                    self.saver.save_if_due(trainer.model, self.history)
                self.tell(event)
                if self.world.any(self.heart.stop.is_set()):  # all end here, or none
                    self.heart.stop.set()
                self.heart.check()
        except StopRequestedError as request:
            if self.heart.gone:
                raise
            self._save_state(trainer)
            self.saver.save(trainer.model, self.history)
            said = accounts.ended(trainer.place, self.config.train.epochs, request.state)
            raise StopRequestedError(said, request.state) from None
        except NonFiniteLossError as error:
            if not self.history:
                raise
            self.saver.save(trainer.model, self.history)
            kept = f"the checkpoint holds epoch {self.history[-1]['epoch']}."
            raise ArithmeticError(f"{str(error).rstrip('.')}; {kept}") from error
        self._save_state(trainer)
        log.info("%s", self.keeper.cost())

    def _save_state(self, trainer: Trainer) -> None:
        saved_at = self.keeper.save(trainer, self.history)
        self.heart.progress = replace(self.heart.progress, saved_at=saved_at)

    def _conclude(self, trainer: Trainer, splits: DatasetSplits) -> str:
        self._enter(Stage("saving"))
        note = self._choose_best(trainer)
        model = trainer.model
        checkpoint = self.saver.save(model, self.history, N_TRAIN_CODES)
        try:
            self._export(checkpoint)
            self._enter(Stage("evaluating", f"{len(splits.test):,} test images"))
            settings = replace(QUICK, binarisation=self.config.train.binarisation)
            around = Around(train=splits.train)
            report = evaluate(
                model, splits.test, around, settings=settings, progress=self._evaluated
            )
        except StopRequestedError as request:
            raise StopRequestedError(
                f"Trained to the end and saved; {request.state} before its evaluation was done.",
                request.state,
            ) from None
        update_report(checkpoint, report)
        self.heart.progress = replace(self.heart.progress, fraction=1.0, eta_seconds=None)
        said = f"Trained, evaluated and saved: {accounts.headline(report)}."
        return f"{said}{note}{published(checkpoint)}"

    def _choose_best(self, trainer: Trainer) -> str:
        """With early stopping, keep the last weights apart and go on with the best; a sentence."""
        place, patience = trainer.place, self.config.train.patience
        if not patience:
            return ""
        if not trainer.best_weights:
            return f" The last epoch, {place.epoch}, was the best."
        name = self.config.last_name
        self.saver.save(trainer.model, self.history, name=name)
        trainer.model.load_state_dict(trainer.best_weights)
        ended = "Ended early" if trainer.is_stuck else "Ended"
        self.history = [entry for entry in self.history if entry["epoch"] <= place.best_epoch]
        return (
            f" {ended} after epoch {place.epoch}; this is epoch {place.best_epoch}, the best by "
            f"validation. The last is kept as {name}."
        )

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

    def _enter(self, stage: Stage) -> None:
        self.heart.progress = replace(self.heart.progress, stage=stage.name)
        self.tell(stage)

    def _progress(self, event: StepProgress | EpochEnd | RolledBack) -> None:
        if isinstance(event, RolledBack):
            return
        done = event.epoch / event.epochs if isinstance(event, EpochEnd) else event.fraction
        self.heart.progress = replace(
            self.heart.progress,
            epoch=event.epoch,
            fraction=TRAINING_SHARE * done,
            eta_seconds=event.eta_seconds,
            images_per_second=event.images_per_second,
        )
