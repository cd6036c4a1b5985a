"""What a linear code of the same size achieves: principal component analysis of the images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

SEED = 0

Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PixelPca:
    """The best linear autoencoder: x = m + W W' (x - m), W's K columns orthonormal.

    Attributes:
        mean: m, float32 (D,).
        axes: W', float32 (K, D).
    """

    mean: Pixels
    axes: Pixels

    @classmethod
    def fit(cls, images: npt.NDArray[np.uint8], k: int) -> PixelPca:
        """To uint8 images (N, C, H, W); K is cut to what N and D allow.

        Raises:
            ValueError: for k below 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}.")
        flat = images.reshape(len(images), -1).astype(np.float32) / 255
        mean = flat.mean(axis=0)
        centred = torch.from_numpy(flat - mean)
        k = min(k, *centred.shape)
        if 4 * k >= min(centred.shape):
            _, _, axes = torch.linalg.svd(centred, full_matrices=False)
            return cls(mean, axes[:k].numpy())
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)  # the randomised method takes no generator
            _, _, axes = torch.svd_lowrank(centred, q=min(k + 8, *centred.shape), niter=4)
        return cls(mean, axes.T[:k].contiguous().numpy())

    def reconstruct(self, images: npt.NDArray[np.uint8]) -> Pixels:
        """float32 (N, C, H, W); not clipped to [0, 1]."""
        flat = images.reshape(len(images), -1).astype(np.float32) / 255 - self.mean
        linear = self.mean + flat @ self.axes.T @ self.axes
        return np.asarray(linear.reshape(images.shape), np.float32)


def mean_squared_error(images: npt.NDArray[np.uint8], reconstructions: Pixels) -> float:
    """Mean over images and pixel values, in squared pixel units of [0, 1]."""
    difference = images.astype(np.float32) / 255 - reconstructions
    return float(np.square(difference).mean(dtype=np.float64))
