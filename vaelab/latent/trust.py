"""What a trust meter measures against: the data's own codes, and quantiles over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent.encode import Latents
from vaelab.latent.traverse import SliderAxis
from vaelab.latent.typicality import aggregate_log_density, neighbour_distances
from vaelab.models import Model

K = 8  # neighbours
FEWEST = 2 * K  # codes that a measure is worth anything for
MOST_REENCODED = 256
MOST_DRAWN = 1000  # codes from the aggregate posterior
QUANTILES = 101


@dataclass(frozen=True, eq=False)
class Typical:
    """Quantiles of two measures over the data, 0 % to 100 % in equal steps.

    Attributes:
        kind: of the first measure, which is larger the less typical a code is: `posterior` for
            -log q(z) of the aggregate posterior, over draws from it; `neighbours` for the distance
            to the K-th neighbour among an autoencoder's codes, over those codes.
        per_class: whether it is taken among the codes of one class: with a prior of its own, each
            class has a latent space of its own.
        quantiles: one list for all codes or one a class; None where there are too few codes.
        reencoding: of the distance between z and E(D(z)).
    """

    kind: str
    per_class: bool
    quantiles: list[list[float] | None]
    reencoding: list[float]


def sample_rows(n: int, most: int) -> npt.NDArray[np.int64]:
    """Up to `most` of n rows, always the same ones, in ascending order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).permutation(n)[:most])


def typical_of_sample(model: Model, sample: Latents, axes: Sequence[SliderAxis]) -> Typical:
    """The measures of codes that a page is to be given, and compares others with."""
    used = sorted(axis.dim for axis in axes if not axis.unused)
    scale = scales(axes)
    per_class = model.config.prior == "class_gaussian" and sample.labels is not None
    groups = [sample]
    if per_class:
        classes = range(model.config.n_classes)
        groups = [sample.take(np.flatnonzero(sample.labels == c)) for c in classes]
    kind = "neighbours" if sample.log_var is None else "posterior"
    quantiles = [
        _quantiles(_strangeness(group, used, scale)) if used and len(group) > FEWEST else None
        for group in groups
    ]
    reencoding = _reencoding(model, sample, used, scale) if used else []
    return Typical(kind, per_class, quantiles, reencoding)


def scales(axes: Sequence[SliderAxis]) -> npt.NDArray[np.float64]:
    """(K,) the data's standard deviation along each dimension, never 0."""
    result = np.ones(len(axes))
    for axis in axes:
        result[axis.dim] = axis.std or 1.0
    return result


def _strangeness(
    codes: Latents, used: list[int], scale: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The first measure over the data; see `Typical`."""
    if codes.log_var is None:
        return neighbour_distances(codes.mean[:, used] / scale[used], K)
    rows = np.arange(len(codes))[:: -(-len(codes) // MOST_DRAWN)]
    noise = np.random.default_rng(0).standard_normal((len(rows), codes.latent_dim))
    drawn = codes.mean[rows] + np.exp(0.5 * codes.log_var[rows]) * noise
    return -aggregate_log_density(drawn, codes.mean, codes.log_var, leave_out=rows)


@torch.inference_mode()
def _reencoding(
    model: Model, sample: Latents, used: list[int], scale: npt.NDArray[np.float64]
) -> list[float]:
    some = sample.take(np.arange(len(sample))[:: -(-len(sample) // MOST_REENCODED)])
    y = None
    if model.config.is_conditional and some.labels is not None:
        y = torch.from_numpy(some.labels)
    picture = model.decode(torch.from_numpy(some.mean), y).mean
    back = model.encode(picture, y).mean.numpy()
    difference = ((back - some.mean) / scale)[:, used]
    return _quantiles(np.sqrt(np.square(difference).mean(axis=1)))


def _quantiles(values: npt.NDArray[np.float64]) -> list[float]:
    found = np.quantile(values, np.linspace(0, 1, QUANTILES))
    return [float(f"{value:.5g}") for value in found]
