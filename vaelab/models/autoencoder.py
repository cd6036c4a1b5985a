"""The autoencoder: h = f(x), r = g(h)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vaelab.models.config import ModelConfig
from vaelab.models.gaussian import PointCode
from vaelab.models.likelihoods import Head, Likelihood
from vaelab.models.shapes import require_codes, require_images


class Autoencoder(nn.Module):
    """A deterministic code h = f(x) and a decoder p(x|h) whose mean is r = g(h).

    Goodfellow et al. 2016, chapter 14. Kept from copying by its bottleneck K < D and, where
    the config says so, by noise on the input, sparsity of the code or a contractive penalty.
    """

    def __init__(
        self, config: ModelConfig, encoder: nn.Module, decoder: nn.Module, head: Head
    ) -> None:
        super().__init__()
        self.config = config
        self.encoder = encoder
        self.decoder = decoder
        self.head = head

    def encode(self, x: Tensor, y: Tensor | None = None) -> PointCode:
        """h = f(x): x (B, C, H, W) in [0, 1] to a code (B, K)."""
        require_images(self.config, x)
        _refuse_labels(y)
        return PointCode(self.encoder(x, None).to(x.dtype))

    def decode(self, z: Tensor, y: Tensor | None = None) -> Likelihood:
        """p(x|h) for codes z (B, K)."""
        require_codes(self.config, z)
        _refuse_labels(y)
        likelihood: Likelihood = self.head(self.decoder(z, None).to(z.dtype))
        return likelihood

    def corrupt(self, x: Tensor, generator: torch.Generator | None) -> Tensor:
        """x with the noise of a denoising autoencoder, in [0, 1]; x itself for the others."""
        strength = self.config.regulariser_strength
        if self.config.regulariser == "denoise_gaussian":
            noise = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
            return (x + strength * noise).clamp(0, 1)
        if self.config.regulariser == "denoise_masking":
            kept = torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device)
            return x * (kept >= strength)
        return x


def _refuse_labels(y: Tensor | None) -> None:
    if y is not None:
        raise ValueError("y must be None: an autoencoder has no classes.")
