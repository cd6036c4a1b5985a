"""Which latent dimensions are in use, by two criteria."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

VARIANCE_THRESHOLD = 0.01  # Burda et al. 2016, section 5.3
RATE_THRESHOLD = 0.01  # nats


def active_units(means: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Var_x(E_q[z_k|x]) > 0.01 by dimension (Burda et al. 2016): means (N, K) -> bool (K,)."""
    return np.asarray(means.var(axis=0) > VARIANCE_THRESHOLD)


def units_with_rate(rate_per_dimension: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Mean rate above 0.01 nats for each dimension: (N, K) -> bool (K,)."""
    return np.asarray(rate_per_dimension.mean(axis=0) > RATE_THRESHOLD)
