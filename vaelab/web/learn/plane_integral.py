"""p(x|c) of a model with two latent dimensions, integrated over the plane of codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vaelab.models import VAE
from vaelab.web.learn.posterior_grid import PosteriorGrid, Window, log_joint, posterior_grid

PLANE = (0, 1)
NEGLIGIBLE = 14.0  # nats below the highest cell at which a coarse value is good enough


@dataclass(frozen=True, eq=False)
class PlaneIntegral:
    """The integral, and how the true posterior lies to the encoder's.

    Attributes:
        grid: the coarse grid that it began with.
        log_evidence: log p(x|c), nats.
        held: share of the true posterior inside two standard deviations of q(z|x,c); where q is
            right it is 1 - exp(-2), 86%.
    """

    grid: PosteriorGrid
    log_evidence: float
    held: float


@torch.no_grad()
def plane_integral(
    model: VAE, x: Tensor, y: Tensor | None, window: Window, cells: int = 112, split: int = 6
) -> PlaneIntegral:
    """Sum over a coarse grid whose cells are split further wherever they count.

    Args:
        model: with K = 2, on the CPU.
        x: (1, C, H, W) in [0, 1].
        y: label (1,) for a conditional model.
        window: the ranges that hold the prior.
        cells: along each side of the coarse grid.
        split: along each side of a cell that counts, or lies beside one that does.
    """
    coarse = posterior_grid(model, x, y, PLANE, window, cells)
    counts = coarse.log_joint > coarse.log_joint.max() - NEGLIGIBLE
    padded = np.pad(counts, 1)
    spread = np.zeros_like(counts)
    for dy in range(3):
        for dx in range(3):
            spread |= padded[dy : dy + cells, dx : dx + cells]
    up, across = np.nonzero(spread)
    places = np.stack([coarse.across[across], coarse.up[up]], axis=1)  # (n, 2)
    size = np.array([coarse.across[1] - coarse.across[0], coarse.up[1] - coarse.up[0]])
    steps = (np.arange(split) + 0.5) / split - 0.5
    offsets = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * size
    fine = (places[:, None] + offsets).reshape(-1, 2)  # (n * split^2, 2)
    posterior = model.encode(x, y)
    joint = log_joint(model, x, y, torch.from_numpy(fine).to(posterior.mean), list(PLANE))
    masses = joint + coarse.log_cell - 2 * np.log(split)
    rest = coarse.log_joint[~spread] + coarse.log_cell
    total = float(np.logaddexp.reduce(np.concatenate([masses, rest])))
    away = (fine - posterior.mean[0].double().numpy()) / posterior.std[0].double().numpy()
    inside = np.square(away).sum(1) <= 4
    return PlaneIntegral(coarse, total, float(np.exp(masses[inside] - total).sum()))
