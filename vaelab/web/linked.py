"""Which checkpoint a link means: its name, and the first digits of its weights' SHA-256.

`?model=mnist-cvae&weights=0f3a81c29b7d`
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from vaelab.checkpoints import Checkpoint, DamagedCheckpoint

MODEL, WEIGHTS = "model", "weights"  # of the address
DIGITS = 12  # of the SHA-256
_HASH = re.compile(r"[0-9a-f]{12,64}")
Link = tuple[str, str]  # a checkpoint's name and its weights, as in the address


@dataclass(frozen=True)
class Choice:
    """The checkpoint that the pages show, and what there is to say about how it was chosen.

    Attributes:
        checkpoint: None when there is no usable one.
        message: sentences when what the address asked for cannot be had, else empty.
    """

    checkpoint: Checkpoint | None
    message: str = ""


def link_of(checkpoint: Checkpoint) -> dict[str, str]:
    """The parameters of an address that opens these very weights."""
    return {MODEL: checkpoint.id, WEIGHTS: checkpoint.weights_sha256[:DIGITS]}


def linked_choice(
    entries: Iterable[Checkpoint | DamagedCheckpoint],
    name: str | None,
    weights: str | None = None,
    seen: Collection[Link] = (),
) -> Choice:
    """The checkpoint that a link names; where it has other weights now, the one that has them.

    Args:
        entries: the checkpoints, in the order of the picker.
        name: of the checkpoint asked for; the first usable one without.
        weights: first digits of their SHA-256, if the link tells.
        seen: links whose weights this session has shown: what has changed since is no surprise.
    """
    known = {entry.id: entry for entry in entries}
    usable = [entry for entry in known.values() if isinstance(entry, Checkpoint)]
    entry = known.get(name) if name else None
    if name is None or weights is None or (name, weights) in seen:
        return _named(entry, name, usable)
    if not _HASH.fullmatch(weights):
        found = _named(entry, name, usable)
        ignored = f"The link’s weights “{_short(weights)}” are no SHA-256 and were ignored."
        return Choice(found.checkpoint, f"{found.message} {ignored}".strip())
    if isinstance(entry, Checkpoint) and entry.weights_sha256.startswith(weights):
        return Choice(entry)
    same = next((one for one in usable if one.weights_sha256.startswith(weights)), None)
    if same is not None:
        what = "has other weights now" if isinstance(entry, Checkpoint) else "cannot be opened here"
        return Choice(
            same, f"{_short(name)} {what}; showing {same.id}, which has the weights of the link."
        )
    if isinstance(entry, Checkpoint):
        return Choice(
            entry,
            f"{entry.id} was trained again since this link was made, or is another model of that "
            "name: what you see may differ from what was shared.",
        )
    return _named(entry, name, usable)


def _named(
    entry: Checkpoint | DamagedCheckpoint | None, name: str | None, usable: list[Checkpoint]
) -> Choice:
    if isinstance(entry, Checkpoint):
        return Choice(entry)
    first = usable[0] if usable else None
    if not name:
        return Choice(first)
    instead = f" Showing {first.id} instead." if first else ""
    if isinstance(entry, DamagedCheckpoint):
        return Choice(first, f"{entry.reason}{instead}")
    return Choice(first, f"There is no checkpoint named “{_short(name)}”.{instead}")


def _short(text: str) -> str:
    return text[:80]
