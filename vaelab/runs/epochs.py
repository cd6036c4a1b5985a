"""What a run leaves in the database of each epoch: numbers, pictures, the map, the rates."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data import DatasetSplits, ImageDataset
from vaelab.latent.encode import Latents, encode_dataset
from vaelab.latent.principal_axes import principal_plane
from vaelab.models import VAE, Model
from vaelab.runs.faults import patiently
from vaelab.runs.grids import EpochGrids
from vaelab.runs.heartbeat import Heartbeat
from vaelab.runs.store import RunStore
from vaelab.training import EpochEnd

log = logging.getLogger(__name__)

MOST_PICTURED = 200  # epochs that have pictures in the database
N_MAPPED = 1000  # validation images on the map of an epoch
MAP, RATES, LABELS = "map", "rates", "labels"  # names of the arrays; labels stand at epoch 0


class EpochRecorder:
    """Writes an epoch's numbers and, of up to `MOST_PICTURED` epochs, what can be seen."""

    def __init__(
        self, run_id: int, store: RunStore, heart: Heartbeat, splits: DatasetSplits, seed: int
    ) -> None:
        self.run_id, self.store, self.heart = run_id, store, heart
        self.grids = EpochGrids(splits.train, splits.validation, seed)
        self.mapped = _some(splits.validation, N_MAPPED, seed)
        self.before: npt.NDArray[np.float32] | None = None  # the map of an earlier epoch

    def record(self, end: EpochEnd, model: Model) -> dict[str, Any]:
        """The epoch's entry of the history."""
        train, validation = end.train.to_dict(), end.validation.to_dict()
        self._write(
            lambda: self.store.record_epoch(
                self.run_id, end.epoch, train=train, validation=validation
            )
        )
        stride = -(-end.epochs // MOST_PICTURED)
        if end.epoch % stride == 0 or end.epoch in (1, end.epochs):
            self._picture(end.epoch, model)
        return {
            "epoch": end.epoch,
            "train": train,
            "validation": validation,
            "images_per_second": end.images_per_second,
        }

    def _picture(self, epoch: int, model: Model) -> None:
        pictures = {
            "reconstructions": self.grids.reconstructions(model),
            "samples": self.grids.samples(model),
        }
        for kind, png in pictures.items():
            self._write(lambda k=kind, p=png: self.store.add_image(self.run_id, epoch, k, p))
        codes = encode_dataset(model, self.mapped)
        points = plane(codes.mean, self.before)
        self.before = points
        arrays: dict[str, np.ndarray] = {MAP: points.astype(np.float16)}
        if codes.log_var is not None:
            arrays[RATES] = rates(model, codes)
        for name, array in arrays.items():
            self._write(lambda n=name, a=array: self.store.add_array(self.run_id, epoch, n, a))
        if epoch == 1 and codes.labels is not None:
            labels = codes.labels.astype(np.int16)
            self._write(lambda: self.store.add_array(self.run_id, 0, LABELS, labels))

    def _write(self, work: Any) -> None:
        patiently(work, log.warning, self.heart.check)


def _some(images: ImageDataset, n: int, seed: int) -> ImageDataset:
    chosen = np.random.default_rng(seed).permutation(len(images))[:n]
    return images.take(np.sort(chosen), images.split)


@torch.no_grad()
def rates(model: Model, codes: Latents) -> npt.NDArray[np.float32]:
    """KL[q(z_k|x) || p(z_k)] of each dimension, mean over the codes: (K,), in nats."""
    if not isinstance(model, VAE) or codes.log_var is None:
        raise ValueError("model must be a VAE: an autoencoder has no rate.")
    device = next(model.parameters()).device
    mean = torch.from_numpy(codes.mean).to(device)
    log_var = torch.from_numpy(codes.log_var).to(device)
    y = None
    if model.config.is_conditional and codes.labels is not None:
        y = torch.from_numpy(codes.labels).to(device)
    prior = model.prior(y, len(mean))
    posterior = type(prior)(mean, log_var)
    kl: npt.NDArray[np.float32] = posterior.kl(prior).mean(0).float().cpu().numpy()
    return kl


def plane(
    means: npt.NDArray[np.float32], before: npt.NDArray[np.float32] | None
) -> npt.NDArray[np.float32]:
    """Codes (N, K) on a plane: (N, 2); K = 2 as they are, more by their principal components.

    With the map of an earlier epoch, (N, 2), turned and mirrored to lie on it as well as it can
    (Schonemann 1966), so that a replay shows how codes move and not how axes flip.
    """
    k = means.shape[1]
    if k == 2:
        return means
    points: npt.NDArray[np.float32] = principal_plane(means).coordinates(means).astype(np.float32)
    if k == 1 or before is None or before.shape != points.shape:
        return points
    left, _, right = np.linalg.svd(points.T @ before.astype(np.float32))
    turned: npt.NDArray[np.float32] = points @ (left @ right)
    return turned
