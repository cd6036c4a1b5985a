"""How dense the data is along a path, in percent of the data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vaelab.latent import Latents
from vaelab.latent.path_measures import nearest_of
from vaelab.latent.trust import K, Typical, scales
from vaelab.latent.typicality import aggregate_log_density
from vaelab.web.opened import Opened
from vaelab.web.sliders.typical import sample_of, typical_of


def percentiles(
    opened: Opened, codes: npt.NDArray[np.float32], weights: npt.NDArray[np.float32] | None
) -> npt.NDArray[np.float32] | None:
    """Percentage of the data that is stranger than each code: float32 (T,).

    The measure of the sliders' trust meter: for a VAE, of draws from the aggregate posterior those
    with a lower density; for an autoencoder, of the codes those whose K-th neighbour is farther.

    Args:
        codes: (T, K).
        weights: class weights (T, n_classes) of a conditional model; with a prior a class, codes
            count among those of their heaviest class.

    Returns:
        None where a class has too few codes to say.
    """
    typical, sample = typical_of(opened.checkpoint), sample_of(opened.latents)
    result = np.empty(len(codes), np.float32)
    groups = np.zeros(len(codes), np.int64)
    if typical.per_class and weights is not None:
        groups = weights.argmax(axis=1)
    for group in np.unique(groups):
        quantiles = typical.quantiles[group] if group < len(typical.quantiles) else None
        if quantiles is None:
            return None
        members = sample
        if typical.per_class and sample.labels is not None:
            members = sample.take(np.flatnonzero(sample.labels == group))
        here = groups == group
        result[here] = 100 * (
            1 - _rank(quantiles, _strangeness(opened, typical, codes[here], members))
        )
    return result


def _strangeness(
    opened: Opened, typical: Typical, codes: npt.NDArray[np.float32], among: Latents
) -> npt.NDArray[np.float64]:
    if typical.kind == "posterior" and among.log_var is not None:
        return -aggregate_log_density(codes, among.mean, among.log_var)
    used = sorted(axis.dim for axis in opened.axes if not axis.unused)
    scale = scales(opened.axes)[used]
    _, distances = nearest_of(codes[:, used] / scale, among.mean[:, used] / scale, K)
    return distances[:, -1]


def _rank(quantiles: Sequence[float], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Share of a distribution, given by its evenly spaced quantiles, that lies below each value."""
    return np.interp(values, quantiles, np.linspace(0, 1, len(quantiles)))
