"""What encoders and decoders are given, checked by shape: torch would name two matrices."""

from __future__ import annotations

from torch import Tensor

from vaelab.models.config import ModelConfig


def require_images(config: ModelConfig, x: Tensor) -> None:
    """Raise ValueError if x is not a float (B, C, H, W) of the model's images."""
    if tuple(x.shape[1:]) != config.image_shape or not x.is_floating_point():
        raise ValueError(
            f"x must be float (B, {', '.join(map(str, config.image_shape))}) in [0, 1], "
            f"got {x.dtype} {tuple(x.shape)}."
        )


def require_codes(config: ModelConfig, z: Tensor) -> None:
    """Raise ValueError if z is not a float (B, K)."""
    if z.ndim != 2 or z.shape[1] != config.latent_dim or not z.is_floating_point():
        raise ValueError(
            f"z must be float (B, {config.latent_dim}), got {z.dtype} {tuple(z.shape)}."
        )
