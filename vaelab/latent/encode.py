"""A data set's latent codes: the posterior means, never a sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model

SPLITS: dict[str, int] = {"train": 0, "validation": 1, "test": 2}


@dataclass(frozen=True, eq=False)
class Latents:
    """Codes of N images under one model.

    Attributes:
        mean: float32 (N, K), posterior means; for an autoencoder the codes themselves.
        log_var: float32 (N, K), log of the posterior variances; None for an autoencoder.
        labels: int64 (N,), or None.
        split: uint8 (N,), 0 train, 1 validation, 2 test (see `SPLITS`).
        index: int64 (N,), position inside that split.

    Raises:
        ValueError: if arrays disagree in type or shape.
    """

    mean: npt.NDArray[np.float32]
    log_var: npt.NDArray[np.float32] | None
    labels: npt.NDArray[np.int64] | None
    split: npt.NDArray[np.uint8]
    index: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.mean.ndim != 2:
            raise ValueError(f"mean must be of shape (N, K), got {self.mean.shape}.")
        n = len(self.mean)
        _require("mean", self.mean, np.float32, self.mean.shape)
        if self.log_var is not None:
            _require("log_var", self.log_var, np.float32, self.mean.shape)
        if self.labels is not None:
            _require("labels", self.labels, np.int64, (n,))
        _require("split", self.split, np.uint8, (n,))
        _require("index", self.index, np.int64, (n,))
        if n and self.split.max() > max(SPLITS.values()):
            raise ValueError(f"split must hold 0, 1 or 2, got {int(self.split.max())}.")

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def latent_dim(self) -> int:
        """K."""
        return int(self.mean.shape[1])

    def of_split(self, split: str) -> Latents:
        """The codes of `train`, `validation` or `test` alone, in their stored order."""
        return self.take(np.flatnonzero(self.split == split_code(split)))

    def take(self, rows: npt.NDArray[np.int64]) -> Latents:
        """The codes at `rows` (M,), positions in these arrays."""
        return Latents(
            self.mean[rows],
            None if self.log_var is None else self.log_var[rows],
            None if self.labels is None else self.labels[rows],
            self.split[rows],
            self.index[rows],
        )


def _require(name: str, array: np.ndarray, dtype: type, shape: tuple[int, ...]) -> None:
    if array.dtype != dtype or array.shape != shape:
        raise ValueError(
            f"{name} must be {np.dtype(dtype)} of shape {shape}, got {array.dtype} {array.shape}."
        )


def split_code(split: str) -> int:
    """The number that stands for a split's name.

    Raises:
        ValueError: for any other name, `all` included.
    """
    if split not in SPLITS:
        raise ValueError(f"split must be one of {', '.join(SPLITS)}, got {split!r}.")
    return SPLITS[split]


def concatenate(parts: Iterable[Latents]) -> Latents:
    """Several sets of codes of one model as one, in the order given.

    Raises:
        ValueError: without a part, or if only some have log_var or labels, or if K differs.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("parts must hold at least one Latents, got none.")
    if len({part.latent_dim for part in parts}) > 1:
        raise ValueError(f"parts must share K, got {[part.latent_dim for part in parts]}.")
    return Latents(
        np.concatenate([part.mean for part in parts]),
        _join("log_var", [part.log_var for part in parts]),
        _join("labels", [part.labels for part in parts]),
        np.concatenate([part.split for part in parts]),
        np.concatenate([part.index for part in parts]),
    )


def _join(name: str, arrays: list[np.ndarray | None]) -> np.ndarray | None:
    present = [array for array in arrays if array is not None]
    if present and len(present) < len(arrays):
        raise ValueError(f"{name} must be present in all parts or in none.")
    return np.concatenate(present) if present else None


@torch.no_grad()
def encode_dataset(
    model: Model,
    dataset: ImageDataset,
    batch_size: int = 512,
    indices: npt.NDArray[np.int64] | None = None,
) -> Latents:
    """Encode the images of one split, batch by batch, to their posterior means.

    Args:
        model: an Autoencoder or a VAE; a conditional one is given the labels.
        dataset: M images of the split `train`, `validation` or `test`.
        batch_size: images a forward pass.
        indices: int64 (N,), positions inside the split to encode; all when None.

    Returns:
        Latents of N codes on the CPU, in the order of `indices`.

    Raises:
        ValueError: if the split has no number, batch_size is below 1, or a conditional model meets
            images without labels.
    """
    code = split_code(dataset.split)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
    labels = dataset.labels
    if model.config.is_conditional and labels is None:
        raise ValueError("a conditional model needs labels to encode, and the data set has none.")
    index = np.arange(len(dataset)) if indices is None else np.asarray(indices)
    device = next(model.parameters()).device

    mean = np.empty((len(index), model.config.latent_dim), np.float32)
    log_var = None if model.config.is_autoencoder else np.empty_like(mean)
    for start in range(0, len(index), batch_size):
        rows = index[start : start + batch_size]
        x = torch.from_numpy(dataset.images[rows]).to(device).float() / 255  # (B, C, H, W)
        y = None
        if model.config.is_conditional and labels is not None:
            y = torch.from_numpy(labels[rows]).to(device)
        posterior = model.encode(x, y)
        here = slice(start, start + len(rows))
        mean[here] = posterior.mean.cpu().numpy()
        if log_var is not None and posterior.log_var is not None:
            log_var[here] = posterior.log_var.cpu().numpy()
    return Latents(
        mean,
        log_var,
        None if labels is None else labels[index],
        np.full(len(index), code, np.uint8),
        index.astype(np.int64),
    )
