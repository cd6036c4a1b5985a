"""Work that says after every step how far it is, and has a result at its end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[float, None, T]  # yields the fraction done, 0 to 1


def finish(steps: Steps[T], tell: Callable[[float], None] | None = None) -> T:
    """Do all the work and return its result; `tell` hears how far it is."""
    while True:
        try:
            fraction = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if tell is not None:
            tell(fraction)
