"""The sentences in which a run says what it works on, where it ended, and how it went."""

from __future__ import annotations

from vaelab.data import DatasetSplits
from vaelab.evaluation import Report
from vaelab.evaluation.wording import with_error
from vaelab.models import count_parameters
from vaelab.runs.saved_state import SavedState
from vaelab.runs.states import RunState
from vaelab.training import Place, Trainer


def what(splits: DatasetSplits, trainer: Trainer, saved: SavedState | None) -> str:
    """Images, parameters, processes, and where it goes on if it does."""
    parts = (splits.train, splits.validation, splits.test)
    sizes = "+".join(f"{len(part):,}" for part in parts)
    begins = ""
    if saved is not None:
        begins = f", resumed after epoch {saved.place.epoch}, step {saved.place.step}"
    shared = "" if trainer.world.is_alone else f", {trainer.world.size} processes"
    return f"{sizes} images, {count_parameters(trainer.model):,} parameters{shared}{begins}"


def ended(place: Place, epochs: int, state: RunState) -> str:
    """Where a run was paused or stopped, its state and its checkpoint saved."""
    where = f"in epoch {_epoch(place)} of {epochs}"
    if state is RunState.PAUSED:
        return f"Paused {where}; it goes on from exactly there."
    return f"Stopped {where}; the checkpoint holds the weights of that moment."


def stood(place: Place, epochs: int, state: RunState) -> str:
    """Where a resumed run stands that was paused or stopped before it took a step."""
    where = f"in epoch {_epoch(place)} of {epochs}, before it had gone on"
    if state is RunState.PAUSED:
        return f"Paused {where}; it goes on from exactly there."
    return f"Stopped {where}; the checkpoint that was saved last is kept."


def headline(report: Report) -> str:
    """The report's first figure: the ELBO, or an autoencoder's distortion."""
    first = report.figures[0]
    return f"{first.split} {first.name} {with_error(first)} {first.unit}"


def _epoch(place: Place) -> int:
    """The epoch that it is in, or at whose end it is."""
    return place.epoch + (place.step > 0)
