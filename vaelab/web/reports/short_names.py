"""Names of checkpoints that fit the head of a column."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 18  # letters: as `fashion-mnist-cvae`
GAP = "…"


def short_names(names: Sequence[str], longest: int = LONGEST) -> dict[str, str]:
    """Each name, shortened where it is longer: what all begin with first, then its middle.

    Different names stay different.
    """
    cut = 0
    if len(names) > 1 and max(map(len, names)) > longest:
        cut = _shared_words(names)
    found: dict[str, str] = {}
    for name in names:
        short = _middle_cut(f"{GAP}{name[cut:]}" if cut else name, longest)
        number = 2
        while short in found.values():
            ending = f"{GAP}{number}"
            short = short[: longest - len(ending)] + ending
            number += 1
        found[name] = short
    return found


def _shared_words(names: Sequence[str]) -> int:
    """Letters of the words, up to a `-` or `_`, that all names begin with; some of each is left."""
    shared = 0
    for i, letters in enumerate(zip(*names, strict=False)):
        if len(set(letters)) > 1:
            break
        if letters[0] in "-_":
            shared = i + 1
    return 0 if any(len(name) == shared for name in names) else shared


def _middle_cut(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    head = (longest - 1) // 2
    return name[:head] + GAP + name[len(name) - (longest - 1 - head) :]
