"""One parser against many inputs: what it said to each, how long it took, what it held."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

SLOWEST_SECONDS = 5.0  # of processor time, which other programs do not lengthen
MOST_BYTES = 2**30  # above what the process held before


@dataclass(frozen=True)
class Target:
    """A parser of bytes from outside.

    Attributes:
        make: an input; a function of the generator alone.
        read: parses it. A returned text that is not empty says what is wrong.
        refusals: the errors by which this parser says no, in a sentence.
        strays: names of what lies where nothing may be left behind.
    """

    make: Callable[[Random], Any]
    read: Callable[[Any], str | None]
    refusals: tuple[type[Exception], ...]
    strays: Callable[[], set[str]] = set


@dataclass
class Tally:
    """What became of the inputs of one parser."""

    inputs: int = 0
    refused: int = 0
    accepted: int = 0
    worst_seconds: float = 0.0
    worst_bytes: int = 0
    defects: dict[str, int] = field(default_factory=dict)  # what is wrong -> how often


def attack(name: str, target: Target, n: int, seed: int, first: int = 0) -> Tally:
    """Read the inputs first..first+n-1 of a seed; each can be made again by its number alone."""
    tally = Tally()
    before = target.strays()
    places: dict[str, str] = {}  # where it went wrong -> the first account of it
    for number in range(first, first + n):
        data = target.make(Random(f"{seed} {name} {number}"))
        wrong = _one(target, data, tally)
        tally.inputs += 1
        if not wrong and (left := target.strays() - before):
            wrong = f"left behind: {sorted(left)[:5]}"
        if wrong:
            place = wrong.partition("\n")[2] or re.sub(r"\d+", "", wrong)
            account = places.setdefault(place, f"{name} input {number}: {wrong}")
            tally.defects[account] = tally.defects.get(account, 0) + 1
    return tally


def _one(target: Target, data: Any, tally: Tally) -> str:
    """Read one input; what is wrong with how that went, if anything."""
    held = _reset_peak()
    started = time.process_time()
    wrong = ""
    try:
        wrong = target.read(data) or ""
        tally.accepted += 1
    except target.refusals as error:
        tally.refused += 1
        if not re.search(r"\w", str(error)):
            wrong = f"{type(error).__name__} without a sentence"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        wrong = f"{type(error).__name__}: {str(error)[:200]}\n{_where(error)}"
    seconds, grown = time.process_time() - started, _peak() - held
    tally.worst_seconds = max(tally.worst_seconds, seconds)
    tally.worst_bytes = max(tally.worst_bytes, grown)
    if seconds > SLOWEST_SECONDS:
        wrong = wrong or f"took {seconds:.1f} s"
    if grown > MOST_BYTES:
        wrong = wrong or f"took {grown / 2**20:.0f} MB"
    return wrong


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return "".join(traceback.format_list(frames[-4:]))


def _reset_peak() -> int:
    """Bytes that the process holds; from here on `_peak` counts anew (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak()
    return _peak()


def _peak() -> int:
    """The most bytes that the process has held; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def names_below(folder: Path, but: tuple[str, ...] = ()) -> set[str]:
    """What lies in a folder and one level below, without the names that may be there."""
    found = set()
    for entry in os.scandir(folder):
        if entry.name in but:
            continue
        found.add(entry.name)
        if entry.is_dir(follow_symlinks=False):
            found |= {f"{entry.name}/{inner.name}" for inner in Path(entry.path).iterdir()}
    return found
