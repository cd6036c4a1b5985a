"""A Gaussian mixture fitted to an autoencoder's codes, so that one can sample from them.

An autoencoder has no prior: nothing in its training says where codes lie. The mixture is a
separate density over the codes that were seen, fitted afterwards.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models.gaussian import LOG_2PI

CANDIDATES = (1, 5, 10, 20)  # numbers of components that are tried
MOST_NUMBERS = 2_000_000  # in all covariances together, which bounds the file to 16 MB
CODES_PER_DIMENSION = 3  # codes a component needs for each dimension of its covariance
CODES_FOR_CHOICE = 5_000
CODES_FOR_FIT = 20_000
SMALLEST_STD = 1e-3  # of the widest dimension's; a dead dimension keeps a density
_ARRAYS = ("weights", "means", "cholesky")


@dataclass(frozen=True, eq=False)
class CodeMixture:
    """p(z) = sum_m weights[m] N(z; means[m], cholesky[m] cholesky[m]').

    Attributes:
        weights: float64 (M,), positive, summing to 1.
        means: float64 (M, K).
        cholesky: float64 (M, K, K), lower triangular with a positive diagonal.

    Raises:
        ValueError: if shapes disagree or the numbers are no mixture.
    """

    weights: npt.NDArray[np.float64]
    means: npt.NDArray[np.float64]
    cholesky: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        m, k = len(self.weights), self.means.shape[-1]
        for name, shape in zip(_ARRAYS, ((m,), (m, k), (m, k, k)), strict=True):
            array = getattr(self, name)
            if array.dtype != np.float64 or array.shape != shape or not array.size:
                raise ValueError(
                    f"{name} must be float64 of shape {shape}, got {array.dtype} {array.shape}."
                )
            if not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite, got NaN or infinity.")
        if (self.weights < 0).any() or not np.isclose(self.weights.sum(), 1):
            raise ValueError("weights must be positive and sum to 1.")
        if (np.diagonal(self.cholesky, axis1=1, axis2=2) <= 0).any():
            raise ValueError("cholesky must have a positive diagonal.")

    @property
    def n_components(self) -> int:
        """M."""
        return len(self.weights)

    @property
    def latent_dim(self) -> int:
        """K."""
        return int(self.means.shape[1])

    def sample(
        self, n: int, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> Tensor:
        """Codes (n, K), float32, each from one component drawn by its weight.

        `temperature` scales the standard deviations around the component's mean.
        """
        weights = torch.from_numpy(self.weights)
        component = torch.multinomial(weights, n, replacement=True, generator=generator)
        noise = torch.randn(n, self.latent_dim, generator=generator, dtype=torch.float64)
        z = torch.empty_like(noise)
        for m in range(self.n_components):
            rows = component == m
            scale = torch.from_numpy(self.cholesky[m])
            z[rows] = torch.from_numpy(self.means[m]) + temperature * noise[rows] @ scale.T
        return z.float()

    def log_prob(self, z: Tensor) -> Tensor:
        """log p(z) of codes (n, K): float64 (n,), in nats. No term of any ELBO."""
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise ValueError(f"z must be of shape (n, {self.latent_dim}), got {tuple(z.shape)}.")
        z = z.to("cpu", torch.float64)
        per_component = []
        for m in range(self.n_components):
            scale = torch.from_numpy(self.cholesky[m])
            shifted = (z - torch.from_numpy(self.means[m])).T  # (K, n)
            white = torch.linalg.solve_triangular(scale, shifted, upper=False)
            log_det = scale.diagonal().log().sum()
            log_normal = -0.5 * (white.square().sum(0) + self.latent_dim * LOG_2PI) - log_det
            per_component.append(log_normal)
        return (torch.stack(per_component).T + torch.from_numpy(self.weights).log()).logsumexp(1)

    def to_arrays(self) -> dict[str, npt.NDArray[np.float64]]:
        """The arrays for an npz file."""
        return {name: getattr(self, name) for name in _ARRAYS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> CodeMixture:
        """Inverse of `to_arrays`; also takes an open npz file.

        Raises:
            ValueError: if an array is missing, unknown or invalid.
        """
        if set(arrays) != set(_ARRAYS):
            raise ValueError(
                f"a mixture holds the arrays {', '.join(_ARRAYS)}, got {', '.join(sorted(arrays))}."
            )
        return cls(**{name: np.asarray(arrays[name]) for name in _ARRAYS})

    @classmethod
    def fit(
        cls, codes: npt.ArrayLike, n_components: int | None = None, seed: int = 0
    ) -> CodeMixture:
        """Fit by expectation-maximisation to codes (N, K).

        Args:
            codes: (N, K), N >= 2; more than CODES_FOR_FIT are thinned at random.
            n_components: M; None takes the one of CANDIDATES with the highest mean log p on a
                tenth of the codes that was held out.
            seed: of the start and of the thinning.

        Raises:
            ValueError: if the codes are not a finite (N >= 2, K) array, or M exceeds N.
        """
        points = _checked(codes, n_components)
        rng = np.random.default_rng(seed)
        points = points[rng.permutation(len(points))[:CODES_FOR_FIT]]
        centre, std = points.mean(axis=0), points.std(axis=0)
        widest = float(std.max())
        scale = np.maximum(std, SMALLEST_STD * widest) if widest > 0 else np.ones_like(std)
        white = (points - centre) / scale
        m = n_components or _choose_components(white, seed)
        fitted = _fit_sklearn(white, m, seed)
        return cls(
            weights=fitted.weights_ / fitted.weights_.sum(),
            means=centre + scale * fitted.means_,
            cholesky=scale[:, None] * np.linalg.cholesky(fitted.covariances_),
        )


def _checked(codes: npt.ArrayLike, n_components: int | None) -> np.ndarray:
    points = np.asarray(codes, np.float64)
    if points.ndim != 2 or len(points) < 2 or not points.shape[1]:
        raise ValueError(f"codes must be of shape (N, K) with N of at least 2, got {points.shape}.")
    if not np.isfinite(points).all():
        raise ValueError("codes must be finite, got NaN or infinity.")
    if n_components is not None and not 1 <= n_components <= len(points):
        raise ValueError(f"n_components must be 1 to {len(points)}, got {n_components}.")
    return points


def _choose_components(white: np.ndarray, seed: int) -> int:
    """The number of components that predicts held-out codes best."""
    points = white[:CODES_FOR_CHOICE]
    n, k = points.shape
    held_out, rest = points[: n // 10], points[n // 10 :]
    fits = [m for m in CANDIDATES if m * CODES_PER_DIMENSION * k <= n and m * k * k < MOST_NUMBERS]
    if len(fits) < 2 or not len(held_out):
        return 1
    scores = {m: _fit_sklearn(rest, m, seed).score(held_out) for m in fits}
    return max(scores, key=lambda m: scores[m])


def _fit_sklearn(white: np.ndarray, n_components: int, seed: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture  # half a second to import

    engine = GaussianMixture(n_components, reg_covar=1e-4, max_iter=50, random_state=seed)
    with warnings.catch_warnings():
        # Fifty steps are a density already, and equal codes give k-means fewer clusters than asked.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return engine.fit(white)
