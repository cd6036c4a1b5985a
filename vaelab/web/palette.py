"""Colours of the classes: the same class has the same colour on every page."""

from __future__ import annotations

from vaelab.standalone.colours import DARK, LIGHT

__all__ = ["DARK", "LIGHT", "class_colours"]


def class_colours(n: int, *, dark: bool = False) -> list[str]:
    """Hex colours of the classes 0..n-1; they repeat after twelve."""
    palette = DARK if dark else LIGHT
    return [palette[i % len(palette)] for i in range(n)]
