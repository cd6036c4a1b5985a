"""What is said of a figure wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass

NATS = "nats per image"
FRACTION = "fraction of images"


@dataclass(frozen=True)
class Definition:
    """One figure's words; `{px}` stands for p(x), or p(x|c) where the model has classes.

    Attributes:
        name: for a heading.
        unit: of the value and its standard error.
        text: what was computed, one or two sentences.
        of_likelihood: whether the value depends on how pixels are scored, which its name then says.
    """

    name: str
    unit: str
    text: str
    of_likelihood: bool = False
