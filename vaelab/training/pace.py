"""How fast a run goes, and how long the rest will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """The clock of a stretch of steps.

    Attributes:
        first: step at which the stretch began.
        begun: monotonic clock then, seconds.
    """

    first: int = 0
    begun: float = field(default_factory=time.monotonic)

    def images_per_second(self, n: int) -> float:
        """With n images since the stretch began."""
        return n / max(time.monotonic() - self.begun, 1e-9)

    def eta_seconds(self, done: int, steps: int) -> float:
        """Until `steps` are done, at the mean pace from `first` to `done`."""
        per_step = (time.monotonic() - self.begun) / max(1, done - self.first)
        return per_step * (steps - done)
