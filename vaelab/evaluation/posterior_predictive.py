"""What the posterior of one image lets its pixels be: moments over many codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.evaluation.batches import seeded
from vaelab.models import VAE, Model

MOST_VALUES = 2**18  # pixel values decoded at a time

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PosteriorPredictive:
    """Moments of p(x'|x) = E_q(z|x,c) p(x'|z,c) at each pixel, by the law of total variance.

    Attributes:
        mean: (C, H, W), E_z E[x'|z].
        between: (C, H, W), Var_z E[x'|z]: what the code leaves open.
        within: (C, H, W), E_z Var[x'|z]: the likelihood's own noise.
        n_samples: codes z ~ q(z|x,c).
    """

    mean: Values
    between: Values
    within: Values
    n_samples: int

    @property
    def std(self) -> Values:
        """(C, H, W), sqrt(between + within)."""
        return np.asarray(np.sqrt(self.between + self.within))


@torch.no_grad()
def posterior_predictive(
    model: Model, x: Tensor, y: Tensor | None = None, *, n_samples: int = 256, seed: int = 0
) -> PosteriorPredictive:
    """Of one image x (1, C, H, W) in [0, 1]; y (1,) for a conditional model.

    Raises:
        ValueError: for an autoencoder, whose code has no posterior; if x is not one image; if
            n_samples is below 2.
    """
    if not isinstance(model, VAE):
        raise ValueError("an autoencoder's code is a point: it has no posterior to sample.")
    if x.ndim != 4 or len(x) != 1:
        raise ValueError(f"x must be of shape (1, C, H, W), got {tuple(x.shape)}.")
    if n_samples < 2:
        raise ValueError(f"n_samples must be at least 2, got {n_samples}.")
    codes = posterior_codes(model, x, y, n_samples=n_samples, seed=seed)
    means, variance = torch.zeros_like(x[0]).double(), torch.zeros_like(x[0]).double()
    squares = torch.zeros_like(means)
    centre: Tensor | None = None
    for z in codes.split(max(1, MOST_VALUES // model.config.data_dim)):
        likelihood = model.decode(z, None if y is None else y.expand(len(z)))
        values = likelihood.mean.double()
        centre = values[0] if centre is None else centre  # near the mean: squares keep their digits
        means += (values - centre).sum(0)
        squares += (values - centre).square().sum(0)
        variance += likelihood.variance.double().sum(0)
    assert centre is not None
    off = means / n_samples
    between = (squares / n_samples - off.square()).clamp(min=0) * n_samples / (n_samples - 1)
    return PosteriorPredictive(
        (centre + off).cpu().numpy(),
        between.cpu().numpy(),
        (variance / n_samples).cpu().numpy(),
        n_samples,
    )


@torch.no_grad()
def posterior_codes(
    model: VAE, x: Tensor, y: Tensor | None = None, *, n_samples: int, seed: int
) -> Tensor:
    """z ~ q(z|x,c) of one image: (n_samples, K)."""
    posterior = model.encode(x, y)
    generator = seeded(model, seed)
    return torch.cat([posterior.rsample(generator) for _ in range(n_samples)])
