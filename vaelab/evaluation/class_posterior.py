"""p(c|x): which class a conditional model takes an image for, by Bayes over its classes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, ignore_progress, seeded
from vaelab.evaluation.log_px import BATCH, MOST_VALUES
from vaelab.models import Model
from vaelab.objectives import importance_log_weights

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassPosterior:
    """p(c|x) = p(c) p(x|c) / sum_k p(k) p(x|k) of N images and n_classes classes.

    Attributes:
        probability: (N, n_classes), each row sums to 1.
        standard_error: (N, n_classes), of `probability`, by the delta method; of few effective
            samples it is too small.
        log_px: (N,), log sum_c p(c) p(x|c), nats.
    """

    probability: Values
    standard_error: Values
    log_px: Values

    @property
    def best(self) -> npt.NDArray[np.int64]:
        """The most probable class of each image: int64 (N,)."""
        return np.asarray(self.probability.argmax(axis=1), np.int64)


@dataclass(frozen=True, eq=False)
class ClassLikelihoods:
    """Importance-sampled log p(x|c) of N images under each class, S samples each.

    Attributes:
        log_px: (N, n_classes), log 1/S sum_s w_s, nats.
        effective_samples: (N, n_classes), (sum w)^2 / sum w^2, between 1 and S.
        covariance: (N, n_classes, n_classes), of the estimates of log p(x|c), by the delta
            method; classes share their noise, so it is not diagonal.
        n_samples: S.
    """

    log_px: Values
    effective_samples: Values
    covariance: Values
    n_samples: int

    def posterior(self, prior: npt.ArrayLike) -> ClassPosterior:
        """Bayes' theorem with p(c) = `prior` (n_classes,), in log space.

        With g_k = d p(c|x) / d log p(x|k) = p(c|x) (1[c = k] - p(k|x)), the variance of
        p(c|x) is g' covariance g.

        Raises:
            ValueError: if the prior is no distribution over the classes.
        """
        p_c = _distribution(prior, self.log_px.shape[1])
        with np.errstate(divide="ignore"):
            joint = self.log_px + np.log(p_c)  # (N, n_classes); -inf where p(c) is 0
        log_px = np.logaddexp.reduce(joint, axis=1)
        p = np.exp(joint - log_px[:, None])
        p /= p.sum(axis=1, keepdims=True)
        gradient = p[:, :, None] * (np.eye(p.shape[1]) - p[:, None, :])  # (N, c, k)
        variance = np.einsum("nck,nkj,ncj->nc", gradient, self.covariance, gradient)
        return ClassPosterior(p, np.sqrt(np.maximum(variance, 0)), log_px)


@torch.no_grad()
def class_likelihoods(
    model: Model,
    dataset: ImageDataset,
    *,
    n_samples: int = 200,
    seed: int = 0,
    batch_size: int = BATCH,
    on_batch: OnBatch = ignore_progress,
) -> ClassLikelihoods:
    """log p(x|c) of every image under every class; the data set's own labels are not looked at.

    Each class starts from the same seed: what the noise does to all classes alike cancels in
    p(c|x), and the classes' order makes no difference.

    Raises:
        ValueError: for a model without classes, or n_samples below 2, which have no spread.
    """
    if not model.config.is_conditional:
        raise ValueError("model must be conditional: without classes there is no p(c|x).")
    if n_samples < 2:
        raise ValueError(f"n_samples must be at least 2, got {n_samples}.")
    like = next(model.parameters())
    parts = []
    for start in range(0, len(dataset), batch_size):
        x = torch.from_numpy(dataset.images[start : start + batch_size]).to(like) / 255
        # every batch has noise of its own, as one long run would
        parts.append(_of_batch(model, x, n_samples, seed + start))
        on_batch(len(x))
    log_px, effective, covariance = (
        torch.cat(part).cpu().numpy() for part in zip(*parts, strict=True)
    )
    return ClassLikelihoods(log_px, effective, covariance, n_samples)


def _of_batch(model: Model, x: Tensor, n_samples: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """log p(x|c) and effective samples (B, n_classes), covariance (B, n_classes, n_classes)."""
    rows = max(len(x), MOST_VALUES // model.config.data_dim)
    log_px, effective, ratios = [], [], []
    for c in range(model.config.n_classes):
        y = torch.full((len(x),), c, device=x.device)
        log_weights = importance_log_weights(
            model, x, y, n_samples, seeded(model, seed), rows=rows
        )  # (S, B)
        log_mean = log_weights.logsumexp(0) - math.log(n_samples)
        ratio = (log_weights - log_mean).exp()  # w / mean(w), between 0 and S
        log_px.append(log_mean)
        effective.append(n_samples**2 / ratio.square().sum(0))
        ratios.append(ratio - 1)
    spread = torch.stack(ratios)  # (n_classes, S, B), mean 0 over S
    covariance = torch.einsum("csb,ksb->bck", spread, spread) / (n_samples * (n_samples - 1))
    return torch.stack(log_px, 1), torch.stack(effective, 1), covariance


def _distribution(prior: npt.ArrayLike, n_classes: int) -> Values:
    p = np.asarray(prior, np.float64)
    if p.shape != (n_classes,):
        raise ValueError(f"prior must be of shape ({n_classes},), got {p.shape}.")
    if not (np.isfinite(p).all() and (p >= 0).all() and math.isclose(p.sum(), 1, rel_tol=1e-6)):
        raise ValueError(f"prior must be probabilities that sum to 1, got {p.tolist()}.")
    return np.asarray(p / p.sum())
