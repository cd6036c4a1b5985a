"""Codes to pictures and pictures to codes, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.latent.draw import draw_codes, source_of_codes
from vaelab.models import Model

__all__ = [
    "Classes",
    "Decoded",
    "Encoded",
    "blend",
    "decode",
    "draw_codes",
    "encode",
    "pixels",
    "reencode",
    "source_of_codes",
]

BATCH = 256

Classes = npt.NDArray[np.int64] | npt.NDArray[np.float32]  # labels (B,) or weights (B, n_classes)


@dataclass(frozen=True, eq=False)
class Decoded:
    """What the decoder says of B codes.

    Attributes:
        mean: float32 (B, C, H, W) in [0, 1].
        std: float32 (B, C, H, W) where the likelihood has one, else None.
    """

    mean: npt.NDArray[np.float32]
    std: npt.NDArray[np.float32] | None

    @property
    def shared_std(self) -> float | None:
        """The one standard deviation of all pixels; None where they differ or have none."""
        if self.std is None or np.ptp(self.std) > 1e-6:
            return None
        return float(self.std.flat[0])


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the encoder says of B images.

    Attributes:
        mean: float32 (B, K).
        std: float32 (B, K); None for an autoencoder, whose code is a point.
    """

    mean: npt.NDArray[np.float32]
    std: npt.NDArray[np.float32] | None


@torch.inference_mode()
def decode(model: Model, z: npt.ArrayLike, classes: npt.ArrayLike | None = None) -> Decoded:
    """Pictures of codes.

    Args:
        model: on the CPU.
        z: (B, K).
        classes: labels (B,) or blending weights (B, n_classes) for a conditional model, else None.

    Raises:
        ValueError: if z is not (B, K), or the classes do not fit the model.
    """
    codes = torch.from_numpy(np.ascontiguousarray(z, np.float32))
    if codes.ndim != 2 or codes.shape[1] != model.config.latent_dim:
        raise ValueError(
            f"z must be of shape (B, {model.config.latent_dim}), got {tuple(codes.shape)}."
        )
    y = _classes(classes)
    means, stds = [], []
    for part in _batches(len(codes)):
        likelihood = model.decode(codes[part], None if y is None else y[part])
        means.append(likelihood.mean.numpy())
        if likelihood.std is not None:
            stds.append(likelihood.std.numpy())
    return Decoded(np.concatenate(means), np.concatenate(stds) if stds else None)


@torch.inference_mode()
def encode(
    model: Model, images: npt.NDArray[np.uint8], classes: npt.ArrayLike | None = None
) -> Encoded:
    """Codes of uint8 images (B, C, H, W); the classes are as in `decode`."""
    posterior = model.encode(pixels(images), _classes(classes))
    std = None if posterior.log_var is None else (0.5 * posterior.log_var).exp().numpy()
    return Encoded(posterior.mean.numpy(), std)


@torch.inference_mode()
def reencode(
    model: Model, z: npt.ArrayLike, classes: npt.ArrayLike | None = None
) -> npt.NDArray[np.float32]:
    """E(D(z)): the codes (B, K) that the encoder gives to the pictures of codes, see `decode`."""
    pictures = torch.from_numpy(decode(model, z, classes).mean)
    return np.asarray(model.encode(pictures, _classes(classes)).mean.numpy(), np.float32)


def pixels(images: npt.NDArray[np.uint8]) -> Tensor:
    """x (B, C, H, W) in [0, 1] of uint8 images."""
    return torch.from_numpy(np.array(images)).float() / 255  # a copy: uploads are read-only


def blend(start: int, end: int, n: int, n_classes: int) -> npt.NDArray[np.float32]:
    """Class weights (n, n_classes) that go evenly from one class to another."""
    weights = np.zeros((n, n_classes), np.float32)
    t = np.linspace(0, 1, n, dtype=np.float32)
    weights[:, start] += 1 - t
    weights[:, end] += t
    return weights


def _classes(classes: npt.ArrayLike | None) -> Tensor | None:
    if classes is None:
        return None
    array = np.asarray(classes)
    kind = np.float32 if np.issubdtype(array.dtype, np.floating) else np.int64
    return torch.from_numpy(np.ascontiguousarray(array, kind))


def _batches(n: int) -> Iterator[slice]:
    for start in range(0, max(n, 1), BATCH):
        yield slice(start, start + BATCH)
