"""What a run resumes from: two files in `<home>/runs/<id>/`, written as it goes.

`epoch.safetensors` is the state at an epoch's end, `step.safetensors` one of a later moment in the
epoch after it. Each is replaced in one step, so a process may be killed at any time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from vaelab import settings
from vaelab.checkpoints import CheckpointError, read_tensors, write_tensors
from vaelab.runs.logs import state_folder
from vaelab.training import Place, Trainer, TrainingState, capture

log = logging.getLogger(__name__)

FORMAT_VERSION = 1
SHARE = 0.02  # of the training time that saving may take, at most
EPOCH, STEP = "epoch.safetensors", "step.safetensors"

History = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class SavedState:
    """What was found.

    Attributes:
        good: the state at the end of an epoch.
        now: a later one, inside the next epoch; None if there is none.
        history: the numbers of the epochs up to `good`.
        description: fingerprint of the images, threads and version of torch of that time.
    """

    good: TrainingState
    now: TrainingState | None
    history: History
    description: Mapping[str, Any]

    @property
    def place(self) -> Place:
        return (self.now or self.good).place


class StateKeeper:
    """Saves a trainer's state every `settings.state_seconds()` and at the end of epochs.

    Where an epoch takes so little time that saving would cost more than `SHARE` of it, it is
    saved less often.

    Args:
        run_id: whose state it is.
        description: of the circumstances, JSON-able.
    """

    def __init__(self, run_id: int, description: Mapping[str, Any]) -> None:
        self.folder = state_folder(run_id)
        self.description = dict(description)
        self.interval_s = settings.state_seconds()
        self.saves, self.spent_s, self._last_cost_s = 0, 0.0, 0.0
        self._began = self._saved = time.monotonic()
        self._on_disk: Place | None = None

    def is_due(self, *, at_epoch_end: bool) -> bool:
        """Whether it is time to save."""
        since = time.monotonic() - self._saved
        affordable = since >= self._last_cost_s / SHARE
        return affordable and (at_epoch_end or since >= self.interval_s)

    def save(self, trainer: Trainer, history: History) -> float:
        """Write what is not on disk yet; the time, Unix seconds.

        Raises:
            OSError: if the disk refuses; what was saved before is then untouched.
        """
        begun = time.monotonic()
        good = trainer.good
        if good is None:
            raise ValueError("trainer must have begun, it has no state yet.")
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._on_disk != good.place:
            self._write(EPOCH, good, {"history": history})
            self._on_disk = good.place
        if trainer.place.step:
            self._write(STEP, capture(trainer), {"after": good.place.to_dict()})
        self._saved = time.monotonic()
        self._last_cost_s = self._saved - begun
        self.spent_s += self._last_cost_s
        self.saves += 1
        return time.time()

    def cost(self) -> str:
        """What saving has cost, in a sentence."""
        seconds = max(time.monotonic() - self._began, 1e-9)
        return (
            f"its state was saved {self.saves} times in {self.spent_s:.2f} s, "
            f"{self.spent_s / seconds:.2%} of the training's {seconds:.1f} s"
        )

    def _write(self, name: str, state: TrainingState, more: Mapping[str, Any]) -> None:
        description = {
            "version": FORMAT_VERSION,
            "place": state.place.to_dict(),
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
            **self.description,
            **more,
        }
        write_tensors(self.folder / name, state.tensors, description)


def load_state(run_id: int) -> SavedState | None:
    """The state that the run was saved in last; None if it never was.

    Raises:
        CheckpointError: if the file is damaged or of another version.
    """
    folder = state_folder(run_id)
    if not (folder / EPOCH).exists():
        return None
    good, description = _read(folder / EPOCH)
    now = None
    if (folder / STEP).exists():
        try:
            later, of = _read(folder / STEP)
        except CheckpointError as error:
            log.warning("the run goes on from its last epoch: %s", error)
        else:
            # A step of an older epoch was left behind when the epoch's end was written.
            now = later if of["after"] == good.place.to_dict() else None
    return SavedState(good, now, list(description["history"]), description)


def _read(path: Path) -> tuple[TrainingState, dict[str, Any]]:
    tensors, description = read_tensors(path)
    if description.get("version") != FORMAT_VERSION:
        raise CheckpointError(
            f"{path} has version {description.get('version')!r}; this vaelab reads "
            f"{FORMAT_VERSION}."
        )
    return TrainingState(Place.from_dict(description["place"]), tensors), description
