"""The slots of a host: how many runs are at work at once, and on which device each."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

from vaelab import settings

CUDA = "cuda:"  # and the number of a device: a slot of its own
_GPUS = Path("/proc/driver/nvidia/gpus")  # asked instead of torch, which takes seconds to import


def slot_names(n: int) -> tuple[str, ...]:
    """Names of `n` slots that share this machine's device.

    Raises:
        ValueError: if `n` is below 1.
    """
    if n < 1:
        raise ValueError(f"slots must be at least 1, got {n}.")
    return tuple(f"slot {i}" for i in range(1, n + 1))


def default_slots() -> tuple[str, ...]:
    """One slot a CUDA device where there are several, else `settings.slots()`, by default one."""
    asked = settings.slots()
    devices = cuda_devices()
    if asked is None and len(devices) > 1:
        return tuple(f"{CUDA}{device}" for device in devices)
    return slot_names(asked or 1)


def cuda_devices() -> tuple[str, ...]:
    """The devices that this process may use, as `CUDA_VISIBLE_DEVICES` names them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return tuple(name for name in (part.strip() for part in visible.split(",")) if name)
    if not _GPUS.is_dir():
        return ()
    return tuple(str(i) for i in range(len(list(_GPUS.iterdir()))))


def bind(environment: MutableMapping[str, str], slot: str | None) -> None:
    """Let a worker with that slot see its own device alone."""
    if slot is not None and slot.startswith(CUDA):
        environment["CUDA_VISIBLE_DEVICES"] = slot.removeprefix(CUDA)
