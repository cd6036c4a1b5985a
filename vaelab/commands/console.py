"""What a training in the foreground shows: a progress bar, and one line an epoch."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, TextIO

from tqdm import tqdm

from vaelab.runs.events import Event, Stage
from vaelab.training import EpochEnd, RolledBack, StepProgress


class Console:
    """Lines go to `out`, the progress bar to stderr if that is a terminal.

    Attributes:
        epochs: the numbers of the epochs so far, JSON-able.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.epochs: list[dict[str, Any]] = []
        self._bar: tqdm | None = None

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close_bar()

    def tell(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Stage():
                self._close_bar()
                self._line(f"{event.name} {event.detail}".strip())
            case StepProgress():
                self._step(event)
            case EpochEnd():
                self._epoch(event)
            case RolledBack():
                self._line(
                    f"the loss exploded in epoch {event.epoch}: back to epoch {event.good_epoch}, "
                    f"with {event.learning_rate_scale:g} of the learning rate"
                )

    def _step(self, progress: StepProgress) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = tqdm(total=progress.steps, unit="step", leave=False, file=sys.stderr)
        self._bar.set_description(f"epoch {progress.epoch}/{progress.epochs}", refresh=False)
        self._bar.set_postfix_str(f"{progress.images_per_second:,.0f} images/s", refresh=False)
        self._bar.update(progress.step - self._bar.n)

    def _epoch(self, end: EpochEnd) -> None:
        validation = end.validation
        self.epochs.append(
            {
                "epoch": end.epoch,
                "images_per_second": end.images_per_second,
                "train": end.train.to_dict(),
                "validation": validation.to_dict(),
            }
        )
        if validation.elbo is None or validation.rate is None:
            shown = f"validation distortion {validation.distortion:.2f} nats/image"
        else:
            shown = (
                f"validation ELBO {validation.elbo:.2f} nats/image "
                f"(distortion {validation.distortion:.2f}, rate {validation.rate:.2f})"
            )
        width = len(str(end.epochs))
        self._line(
            f"epoch {end.epoch:>{width}}/{end.epochs}  {end.images_per_second:,.0f} images/s  "
            f"{shown}"
        )

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _line(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        print(text, file=self.out, flush=True)
        if self._bar is not None:
            self._bar.refresh()
