"""How far reconstructions are from their images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from vaelab.evaluation.batches import OnBatch, ignore_progress, joined
from vaelab.evaluation.codes import Encoded

WINDOW = 7  # pixels, the side of the window in which structure is compared


@torch.no_grad()
def mse_per_image(
    encoded: Encoded, *, batch_size: int = 256, on_batch: OnBatch = ignore_progress
) -> npt.NDArray[np.float64]:
    """Mean over pixels of (x - r)^2, r = E[x | posterior mean], pixels in [0, 1]: float64 (N,)."""
    values = []
    for batch in encoded.batches(batch_size):
        reconstruction = encoded.model.decode(batch.posterior.mean, batch.y).mean
        values.append((batch.x - reconstruction).double().square().flatten(1).mean(1))
        on_batch(len(batch.x))
    return joined(values)


def psnr(mse: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Peak signal-to-noise ratio 10 log10(1 / MSE) of each image, dB; infinite at MSE 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(-10 * np.log10(mse))


@torch.no_grad()
def ssim_per_image(
    encoded: Encoded, *, batch_size: int = 256, on_batch: OnBatch = ignore_progress
) -> npt.NDArray[np.float64]:
    """Structural similarity of image and reconstruction (Wang et al. 2004): float64 (N,), up to 1.

    scikit-image's, with uniform windows of 7 x 7 pixels, a mean over windows and colours.
    """
    from skimage.metrics import structural_similarity  # takes a second to import

    values = []
    for batch in encoded.batches(batch_size):
        reconstruction = encoded.model.decode(batch.posterior.mean, batch.y).mean
        images, pictures = (t.double().cpu().numpy() for t in (batch.x, reconstruction))
        values += [
            structural_similarity(x, r, win_size=WINDOW, data_range=1.0, channel_axis=0)
            for x, r in zip(images, pictures, strict=True)
        ]
        on_batch(len(batch.x))
    return np.asarray(values, np.float64)
