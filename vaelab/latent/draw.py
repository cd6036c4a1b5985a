"""Codes drawn from a prior, or from an autoencoder's mixture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent.mixture import CodeMixture
from vaelab.models import VAE, Model

HOTTEST = 3.0  # beyond it a Gaussian's draws lie where no decoder has been


@torch.inference_mode()
def draw_codes(
    model: Model,
    mixture: CodeMixture | None,
    n: int,
    seed: int | torch.Generator,
    classes: npt.ArrayLike | None = None,
    temperature: float = 1.0,
) -> npt.NDArray[np.float32]:
    """n codes (n, K) from the prior, or from an autoencoder's mixture.

    Args:
        model: on the CPU.
        mixture: an autoencoder's; None for a VAE.
        n: number of codes.
        seed: of the draws, or a generator that goes on from call to call.
        classes: labels (n,) or weights (n, n_classes) for a conditional model, else None.
        temperature: of the standard deviation around the prior's mean, 0 to 3; below 1 the draws
            are more alike, and more typical. Of a mixture: around its component's mean.

    Raises:
        ValueError: for an autoencoder without its mixture, or another temperature.
    """
    if not 0 <= temperature <= HOTTEST:
        raise ValueError(f"temperature must lie in 0..{HOTTEST:g}, got {temperature!r}.")
    generator = seed if isinstance(seed, torch.Generator) else torch.Generator().manual_seed(seed)
    if isinstance(model, VAE):
        y = None if classes is None else _classes(classes)
        drawn = model.sample_latents(n, y, generator, temperature)
    elif mixture is not None:
        drawn = mixture.sample(n, generator, temperature)
    else:
        raise ValueError("mixture must be given for an autoencoder, got None.")
    return np.asarray(drawn.numpy(), np.float32)


def source_of_codes(model: Model) -> str:
    """What `draw_codes` draws from, for people."""
    if not isinstance(model, VAE):
        return "the Gaussian mixture fitted to this autoencoder's codes (it has no prior)"
    if model.config.prior == "class_gaussian":
        return "the learned prior p(z | c) of the class"
    return "the prior N(0, I)"


def _classes(classes: npt.ArrayLike) -> torch.Tensor:
    array = np.asarray(classes)
    kind = np.float32 if np.issubdtype(array.dtype, np.floating) else np.int64
    return torch.from_numpy(np.ascontiguousarray(array, kind))
