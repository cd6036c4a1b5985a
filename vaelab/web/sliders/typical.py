"""What the trust meter measures against: the data's own codes, thinned, and their quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, SliderAxis
from vaelab.latent.typicality import aggregate_log_density, neighbour_distances
from vaelab.models import Model
from vaelab.web.axes import axes_of
from vaelab.web.loaders import latents_of, model_of

K = 8  # neighbours
FEWEST = 2 * K  # codes that a measure is worth anything for
MOST_CODES = 4000  # that a browser is sent
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


def sample_of(latents: Latents) -> Latents:
    """Up to MOST_CODES of the codes, always the same ones."""
    return latents if len(latents) <= MOST_CODES else latents.take(sample_rows(len(latents)))


def sample_rows(n: int) -> npt.NDArray[np.int64]:
    """Which of n codes `sample_of` takes, in ascending order."""
    if n <= MOST_CODES:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).permutation(n)[:MOST_CODES])


def codes_for_browser(checkpoint: Checkpoint) -> bytes:
    """The codes of `sample_of` as little-endian float32 rows.

    A row holds the mean (K), for a VAE log_var (K), and the label, -1 without.

    Raises:
        CheckpointError: if the codes are damaged.
    """
    sample = sample_of(latents_of(checkpoint))
    labels = np.full(len(sample), -1) if sample.labels is None else sample.labels
    spread = [] if sample.log_var is None else [sample.log_var]
    return np.column_stack([sample.mean, *spread, labels]).astype("<f4").tobytes()


def typical_of(checkpoint: Checkpoint) -> Typical:
    """Worked out once for each set of weights and codes.

    Raises:
        CheckpointError: if the codes or weights are damaged.
    """
    latents = latents_of(checkpoint)
    return _typical(checkpoint.weights_sha256, len(latents), checkpoint, latents)


def scales(axes: tuple[SliderAxis, ...]) -> npt.NDArray[np.float64]:
    """(K,) the data's standard deviation along each dimension, never 0."""
    result = np.ones(len(axes))
    for axis in axes:
        result[axis.dim] = axis.std or 1.0
    return result


@st.cache_data(max_entries=32, show_spinner=False)
def _typical(key: str, n_codes: int, _checkpoint: Checkpoint, _latents: Latents) -> Typical:
    axes = axes_of(_checkpoint)
    used = sorted(axis.dim for axis in axes if not axis.unused)
    sample, scale = sample_of(_latents), scales(axes)
    per_class = _checkpoint.model_config.prior == "class_gaussian" and sample.labels is not None
    groups = [sample]
    if per_class:
        n_classes = _checkpoint.model_config.n_classes
        groups = [sample.take(np.flatnonzero(sample.labels == c)) for c in range(n_classes)]
    kind = "neighbours" if sample.log_var is None else "posterior"
    quantiles = [
        _quantiles(_strangeness(group, used, scale)) if used and len(group) > FEWEST else None
        for group in groups
    ]
    reencoding = _reencoding(model_of(_checkpoint), sample, used, scale) if used else []
    return Typical(kind, per_class, quantiles, reencoding)


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
