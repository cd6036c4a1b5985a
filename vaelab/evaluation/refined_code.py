"""An image's own best code, found by gradient, for an autoencoder: the distortion alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.evaluation.batches import joined
from vaelab.evaluation.codes import Encoded, EncodedBatch
from vaelab.latent.adam import Adam
from vaelab.latent.steps import Steps
from vaelab.objectives import distortion

IMAGES_AT_A_TIME = 64


@dataclass(frozen=True, eq=False)
class RefinedCode:
    """The code of least distortion that was met, beside the encoder's.

    Attributes:
        start: float64 (N, K), the encoder's.
        code: float64 (N, K).
        before, after: float64 (N,), -log p(x|h) there, nats; after is never above before.
        curve: float64 (n_steps + 1, N), the distortion after each step, nats.
    """

    start: npt.NDArray[np.float64]
    code: npt.NDArray[np.float64]
    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]
    curve: npt.NDArray[np.float64]


def refine_codes(
    encoded: Encoded, scale: npt.ArrayLike, *, n_steps: int = 200, rate: float = 0.05
) -> Steps[RefinedCode]:
    """Minimise -log p(x|h) over h from the encoder's code on, or its mean for a VAE.

    Nothing says where codes may lie: what is found may be one that no image of the data has.

    Args:
        encoded: N images.
        scale: (K,), the codes' spread in each dimension, in which steps are measured.
        n_steps: of Adam.
        rate: of the first step, in units of scale.

    Raises:
        ValueError: if scale is not K positive numbers, or n_steps below 1.
    """
    spread = torch.as_tensor(np.asarray(scale)).to(encoded.mean)
    k = encoded.mean.shape[1]
    if spread.shape != (k,) or not bool((spread > 0).all()):
        raise ValueError(f"scale must be {k} positive numbers, got {np.asarray(scale)}.")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, got {n_steps}.")
    n_batches = -(-len(encoded) // IMAGES_AT_A_TIME)
    codes, curves = [], []
    for i, batch in enumerate(encoded.batches(IMAGES_AT_A_TIME)):
        start = batch.posterior.mean.detach()
        adam = Adam([torch.zeros_like(start)], rate, n_steps)
        best = start
        values, gradient = _distortion(encoded, batch, start, spread, adam.values[0])
        curve = [values]
        for step in range(1, n_steps + 1):
            adam.descend([gradient])
            values, gradient = _distortion(encoded, batch, start, spread, adam.values[0])
            better = values < torch.stack(curve).amin(0)  # never for NaN
            best = torch.where(better[:, None], start + spread * adam.values[0], best)
            curve.append(torch.where(values.isnan(), curve[-1], values))
            yield (i + step / n_steps) / n_batches
        codes.append(best)
        curves.append(torch.stack(curve))
    curve_of_all = torch.cat(curves, 1).double().cpu().numpy()
    start_of_all = encoded.mean.detach().double().cpu().numpy()
    return RefinedCode(
        start_of_all, joined(codes), curve_of_all[0], curve_of_all.min(0), curve_of_all
    )


@torch.enable_grad()
def _distortion(
    encoded: Encoded, batch: EncodedBatch, start: Tensor, scale: Tensor, a: Tensor
) -> tuple[Tensor, Tensor]:
    """-log p(x|h) (B,) at h = start + scale a, and its gradient in a (B, K)."""
    a = a.detach().requires_grad_()
    values = distortion(encoded.model, batch.x, start + scale * a, batch.y)
    # not backward(): the model is shared, and no gradient is to be left at its weights
    (gradient,) = torch.autograd.grad(values.sum(), a)
    return values.detach(), gradient
