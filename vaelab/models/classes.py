"""c: class labels as the weights that networks take."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from vaelab.models.config import ModelConfig


def class_weights(config: ModelConfig, y: Tensor | None, like: Tensor) -> Tensor | None:
    """c (B, n_classes) in the dtype and device of `like`; None for an unconditional model.

    Args:
        config: says how many classes there are.
        y: int64 labels (B,), or weights (B, n_classes) that blend classes.
        like: the batch (B, ...) that c goes with.

    Raises:
        ValueError: if labels are missing, out of range, or given to a model without classes.
    """
    if not config.is_conditional:
        if y is not None:
            raise ValueError("y must be None: this model was trained without classes.")
        return None
    if y is None:
        raise ValueError(
            f"y must hold labels 0..{config.n_classes - 1}: this model is conditional."
        )
    if y.ndim == 2 and y.shape == (like.shape[0], config.n_classes) and y.is_floating_point():
        return y.to(like)
    if y.shape != (like.shape[0],) or y.is_floating_point() or y.dtype == torch.bool:
        raise ValueError(
            f"y must be int64 ({like.shape[0]},) or weights ({like.shape[0]}, {config.n_classes}), "
            f"got {y.dtype} {tuple(y.shape)}."
        )
    if len(y) and not (int(y.min()) >= 0 and int(y.max()) < config.n_classes):
        raise ValueError(
            f"y must lie in 0..{config.n_classes - 1}, got {int(y.min())}..{int(y.max())}."
        )
    return F.one_hot(y.long(), config.n_classes).to(like)
