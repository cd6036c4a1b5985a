"""Geodesics under the decoder's metric: paths along which the picture changes least."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

STEPS = 60  # of L-BFGS
SECONDS = 1.5

Pictures = Callable[[Tensor], Tensor]  # codes (B, K) -> (B, ...), differentiable


@dataclass(frozen=True, eq=False)
class Geodesic:
    """Curves of least energy, as far as the search has come.

    Attributes:
        codes: float32 (L, n, K), the ends as they were given, to the bit.
        start_energy: of the curves it started from, see `geodesic`.
        energy: of `codes`; never above `start_energy`.
        steps: of the search.
    """

    codes: npt.NDArray[np.float32]
    start_energy: float
    energy: float
    steps: int


def curve_energy(pictures: Tensor) -> Tensor:
    """E = (n - 1) sum_t |g(z_{t+1}) - g(z_t)|^2 of curves: pictures (L, n, ...) to (L,).

    The square of the length at least, and equal to it where the picture changes at constant pace.
    """
    steps = (pictures[:, 1:] - pictures[:, :-1]).flatten(2)  # (L, n - 1, D)
    return (pictures.shape[1] - 1) * steps.square().sum((1, 2))


def geodesic(
    pictures: Pictures, start: npt.ArrayLike, steps: int = STEPS, seconds: float = SECONDS
) -> Geodesic:
    """Minimise the energy of curves in picture space over all their codes but the ends.

    A curve of least energy is a geodesic under the metric J(z)'J(z) that the decoder's mean g pulls
    back to the latent space (Arvanitidis, Hansen and Hauberg 2018; Shao, Kumar and Fletcher 2018,
    algorithm 1). The unknowns are the codes' departure from the start, taken through the inverse
    square root of the chain's Laplacian, which makes the energy a sphere where J'J = I, whatever n.

    Args:
        pictures: g, from (B, K) to (B, ...). Rows come curve by curve, n to a curve, so that what
            else a picture depends on can go with them.
        start: (L, n, K), L curves of n codes; n at least 2.
        steps: most steps of L-BFGS.
        seconds: after which no further step is begun.

    Raises:
        ValueError: if start is not finite and (L, n >= 2, K), or steps or seconds are negative.
    """
    first = np.asarray(start, np.float32)
    if first.ndim != 3 or first.shape[1] < 2 or not first.size or not np.isfinite(first).all():
        raise ValueError(f"start must be finite and (L, n >= 2, K), got {first.shape}.")
    if steps < 0 or seconds < 0:
        raise ValueError(f"steps and seconds must be 0 or more, got {steps} and {seconds}.")
    search = _Search(pictures, torch.from_numpy(first.copy()))
    begun = search.best_energy
    n_steps = search.run(steps, seconds) if first.shape[1] > 2 else 0
    codes = search.best.numpy()
    codes[:, 0], codes[:, -1] = first[:, 0], first[:, -1]
    return Geodesic(codes, begun, search.best_energy, n_steps)


class _Search:
    """The energy as scipy wants it, and the best curves that were met on the way."""

    def __init__(self, pictures: Pictures, start: Tensor) -> None:
        self.pictures, self.start = pictures, start
        n_curves, n, k = start.shape
        self.shape = (n_curves, n - 2, k)
        self.smooth = _inverse_root_of_laplacian(n - 2)
        self.best, self.best_energy = start, float("inf")
        if n > 2:
            self.energy(np.zeros(n_curves * (n - 2) * k))
        else:
            with torch.no_grad():
                self.best_energy = self._energy(start).item()

    def run(self, steps: int, seconds: float) -> int:
        from scipy.optimize import minimize  # half a second to import

        end = time.monotonic() + seconds

        def enough(intermediate_result: object) -> None:
            if time.monotonic() > end:
                raise StopIteration

        zeros = np.zeros(int(np.prod(self.shape)))
        options = {"maxiter": steps, "ftol": 1e-6, "gtol": 1e-8}
        found = minimize(
            self.energy, zeros, jac=True, method="L-BFGS-B", callback=enough, options=options
        )
        return int(found.nit)

    def energy(self, unknowns: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        """The sum over all curves, and its gradient."""
        u = torch.tensor(unknowns, dtype=torch.float32).reshape(self.shape).requires_grad_()
        moved = self.start[:, 1:-1] + torch.einsum("st,ltk->lsk", self.smooth, u)
        z = torch.cat([self.start[:, :1], moved, self.start[:, -1:]], dim=1)
        energy = self._energy(z)
        # not backward(): the model is shared, and no gradient is to be left at its weights
        (gradient,) = torch.autograd.grad(energy, u)
        value = energy.item()
        if value < self.best_energy:
            self.best, self.best_energy = z.detach(), value
        return value, gradient.double().numpy().ravel()

    def _energy(self, z: Tensor) -> Tensor:
        pictures = self.pictures(z.flatten(0, 1))
        return curve_energy(pictures.unflatten(0, z.shape[:2])).sum()


def _inverse_root_of_laplacian(n: int) -> Tensor:
    """(n, n), of the chain with both ends held."""
    laplacian = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    values, vectors = np.linalg.eigh(laplacian)
    return torch.from_numpy((vectors / np.sqrt(values)) @ vectors.T).float()
