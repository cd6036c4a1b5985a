"""How far an evaluation is."""

from __future__ import annotations

from collections.abc import Callable

from vaelab.evaluation.batches import OnBatch

Progress = Callable[[float, str], None]  # fraction of the work in 0..1, what is being done


class Meter:
    """Turns images done into a fraction of all the work.

    Args:
        progress: is told; None tells nobody.
        work: of all sections together, in images decoded.
    """

    def __init__(self, progress: Progress | None, work: int) -> None:
        self.progress, self.work, self.done = progress, max(work, 1), 0

    def stage(self, text: str, cost: int = 1) -> OnBatch:
        """A callback for a stage in which each image costs `cost` decodings."""

        def on_batch(n_images: int) -> None:
            self.done += cost * n_images
            self._tell(text)

        return on_batch

    def reach(self, done: int, text: str) -> None:
        """Set what is done: a section's cost is an estimate, its end is certain."""
        self.done = done
        self._tell(text)

    def _tell(self, text: str) -> None:
        if self.progress is not None:
            self.progress(min(self.done / self.work, 1.0), text)
