"""The true posterior p(z|x,c) on a grid of codes: what the encoder's Gaussian stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models import VAE, DiagonalGaussian
from vaelab.objectives import distortion

BATCH = 512

Numbers = npt.NDArray[np.float64]
Window = tuple[tuple[float, float], tuple[float, float]]  # of x and of y


@dataclass(frozen=True, eq=False)
class PosteriorGrid:
    """p(x|z,c) p(z|c) over two dimensions of z, the others held still.

    Attributes:
        across, up: (A,), (U,), evenly spaced centres of cells.
        log_joint: (U, A), log p(x|z,c) + log p(z|c), nats.
        log_q: (U, A), log q(z|x,c), nats.
    """

    across: Numbers
    up: Numbers
    log_joint: Numbers
    log_q: Numbers

    @property
    def log_cell(self) -> float:
        """Logarithm of a cell's area."""
        return float(np.log((self.across[1] - self.across[0]) * (self.up[1] - self.up[0])))

    @property
    def log_evidence(self) -> float:
        """log of the integral over the grid; log p(x|c) where K = 2 and the grid holds it all."""
        top = self.log_joint.max()
        return float(top + np.log(np.exp(self.log_joint - top).sum()) + self.log_cell)

    @property
    def density(self) -> Numbers:
        """(U, A), p(z|x,c), which integrates to 1 over the grid."""
        return np.asarray(np.exp(self.log_joint - self.log_evidence), np.float64)

    @property
    def elbo(self) -> float:
        """E_q[log p(x,z|c) - log q] by summing over the grid, where it holds all of q; nats."""
        q = np.exp(self.log_q + self.log_cell)
        return float((q * (self.log_joint - self.log_q)).sum() / q.sum())


@torch.no_grad()
def posterior_grid(
    model: VAE,
    x: Tensor,
    y: Tensor | None,
    dims: tuple[int, int],
    window: Window,
    cells: int,
) -> PosteriorGrid:
    """The joint over `dims` of z inside `window`; other dimensions stay at the posterior's mean.

    Args:
        model: on the CPU.
        x: (1, C, H, W) in [0, 1].
        y: label (1,) for a conditional model.
        dims: which dimension runs across and which up.
        window: the ranges covered.
        cells: along each side, at least 2.

    Raises:
        ValueError: for fewer than 2 cells, or twice the same dimension.
    """
    if cells < 2 or dims[0] == dims[1]:
        raise ValueError(f"cells must be at least 2 and dims differ, got {cells} and {dims}.")
    posterior = model.encode(x, y)
    across, up = (_centres(low, high, cells) for low, high in window)
    z = posterior.mean.repeat(cells * cells, 1)  # (cells^2, K), row by row from the bottom
    z[:, dims[0]] = torch.from_numpy(np.tile(across, cells)).to(z)
    z[:, dims[1]] = torch.from_numpy(np.repeat(up, cells)).to(z)
    pair = list(dims)
    joint = log_joint(model, x, y, z, pair)
    log_q = _marginal(posterior, pair).log_prob(z[:, pair]).double().numpy()
    return PosteriorGrid(across, up, joint.reshape(cells, cells), log_q.reshape(cells, cells))


@torch.no_grad()
def log_joint(model: VAE, x: Tensor, y: Tensor | None, z: Tensor, dims: list[int]) -> Numbers:
    """log p(x|z,c) + log p(z|c) of codes (n, K), the prior taken over `dims` alone: (n,), nats."""
    prior = _marginal(model.prior(y, 1), dims)
    logs = []
    for part in z.split(BATCH):
        labels = None if y is None else y.expand(len(part))
        images = x.expand(len(part), -1, -1, -1)
        logs.append(prior.log_prob(part[:, dims]) - distortion(model, images, part, labels))
    return np.asarray(torch.cat(logs).double().numpy(), np.float64)


def _centres(low: float, high: float, cells: int) -> Numbers:
    step = (high - low) / cells
    return np.asarray(low + step * (np.arange(cells) + 0.5), np.float64)


def _marginal(gaussian: DiagonalGaussian, dims: list[int]) -> DiagonalGaussian:
    return DiagonalGaussian(gaussian.mean[:, dims], gaussian.log_var[:, dims])
