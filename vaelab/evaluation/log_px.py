"""log p(x) of every image by importance sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.evaluation.batches import OnBatch, ignore_progress, seeded
from vaelab.evaluation.codes import Encoded
from vaelab.objectives import importance_log_weights

BATCH = 16  # images: each is decoded S times, and progress is to be told within seconds
MOST_VALUES = 2**18  # pixel values decoded at a time: larger batches are slower, not faster


@dataclass(frozen=True, eq=False)
class LogPx:
    """Importance-sampled log-likelihoods.

    Attributes:
        log_px: float64 (N,), log 1/S sum_s w_s in nats; log p(x|c) for a conditional model.
        effective_samples: float64 (N,), (sum w)^2 / sum w^2, between 1 and S.
        n_samples: S.
    """

    log_px: npt.NDArray[np.float64]
    effective_samples: npt.NDArray[np.float64]
    n_samples: int

    @property
    def standard_error(self) -> npt.NDArray[np.float64]:
        """Of each estimate, nats: float64 (N,), by the delta method.

        sd(w) / (mean(w) sqrt(S)) = sqrt((S / ESS - 1) / (S - 1)); infinite for one sample. Of few
        effective samples it is too small: what was never drawn is not in it.
        """
        if self.n_samples < 2:
            return np.full_like(self.log_px, np.inf)
        spread = np.maximum(self.n_samples / self.effective_samples - 1, 0)
        return np.asarray(np.sqrt(spread / (self.n_samples - 1)))


@torch.no_grad()
def log_px_per_image(
    encoded: Encoded,
    *,
    n_samples: int = 1_000,
    seed: int = 0,
    batch_size: int = BATCH,
    on_batch: OnBatch = ignore_progress,
) -> LogPx:
    """L_S of Burda et al. 2016, equation 8: in expectation a lower bound that rises with S.

    Memory does not grow with S beyond the S weights of a batch of images.

    Raises:
        ValueError: for an autoencoder, which defines no log p(x), or n_samples below 1.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
    model = encoded.model
    generator = seeded(model, seed)
    rows = max(batch_size, MOST_VALUES // model.config.data_dim)
    log_px, effective = [], []
    for batch in encoded.batches(batch_size):
        # float64, because the weights of an image may span hundreds of nats: (S, B)
        log_weights = importance_log_weights(
            model, batch.x, batch.y, n_samples, generator, posterior=batch.gaussian, rows=rows
        )
        total = log_weights.logsumexp(0)
        log_px.append(total - math.log(n_samples))
        effective.append((2 * total - (2 * log_weights).logsumexp(0)).exp())
        on_batch(len(batch.x))
    return LogPx(torch.cat(log_px).cpu().numpy(), torch.cat(effective).cpu().numpy(), n_samples)
