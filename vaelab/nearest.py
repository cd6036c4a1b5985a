"""A name that nobody knows, and the known one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LIKENESS = 0.6  # of two spellings, 0 to 1; below it a guess would mislead


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean mnist?`, to be put behind a sentence; empty where no name is near."""
    by_letters = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold(), by_letters, 1, LIKENESS)
    return f" Did you mean {by_letters[near[0]]}?" if near else ""
