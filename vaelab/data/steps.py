"""What was done to a picture, each step with the picture after it."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that was done: its name, how and why, and the picture after it."""

    name: str
    caption: str
    picture: Image.Image


class Record:
    """The steps so far."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    def note(self, name: str, caption: str, picture: Image.Image) -> None:
        self._steps.append(Step(name, caption, picture))
