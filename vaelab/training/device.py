"""Which device and precision a run uses."""

from __future__ import annotations

import torch

from vaelab.training.config import TrainConfig


def choose_device(name: str) -> torch.device:
    """`auto` is CUDA, then MPS, then the CPU.

    Raises:
        ValueError: if the device named is not on this machine.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        name = next(device for device, present in available.items() if present)
    if not available[name]:
        present = ", ".join(device for device, there in available.items() if there)
        raise ValueError(f"device {name!r} is not on this machine; it has {present}.")
    return torch.device(name)


def choose_precision(config: TrainConfig, device: torch.device) -> torch.dtype:
    """Precision of the networks' products; distributions and losses stay in float32."""
    if config.precision != "auto":
        return getattr(torch, config.precision)  # type: ignore[no-any-return]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device.type == "cpu" and torch.cpu.get_capabilities().get("amx_bf16", False):
        return torch.bfloat16
    return torch.float32
