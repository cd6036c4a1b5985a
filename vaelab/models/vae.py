"""The variational autoencoder, conditional when it has classes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vaelab.models.classes import class_weights
from vaelab.models.config import ModelConfig
from vaelab.models.gaussian import DiagonalGaussian
from vaelab.models.likelihoods import Head, Likelihood
from vaelab.models.priors import Prior
from vaelab.models.shapes import require_codes, require_images

LOG_VAR_RANGE = (-14.0, 8.0)  # of the posterior: keeps exp() finite in the first steps


class VAE(nn.Module):
    """p(x, z | c) = p(x | z, c) p(z | c), with an amortised posterior q(z | x, c).

    Kingma & Welling 2014; with classes it is the CVAE of Sohn et al. 2015. Sampling is an
    argument of what these methods return and does not depend on train() or eval().
    """

    def __init__(
        self,
        config: ModelConfig,
        encoder: nn.Module,
        decoder: nn.Module,
        head: Head,
        prior: Prior,
    ) -> None:
        super().__init__()
        self.config = config
        self.encoder = encoder
        self.decoder = decoder
        self.head = head
        self.prior_network = prior

    def encode(self, x: Tensor, y: Tensor | None = None) -> DiagonalGaussian:
        """q(z | x, c) for x (B, C, H, W) in [0, 1] and y (B,) or (B, n_classes)."""
        require_images(self.config, x)
        c = class_weights(self.config, y, x)
        mean, log_var = self.encoder(x, c).to(x.dtype).chunk(2, dim=1)
        return DiagonalGaussian(mean, log_var.clamp(*LOG_VAR_RANGE))

    def decode(self, z: Tensor, y: Tensor | None = None) -> Likelihood:
        """p(x | z, c) for codes z (B, K)."""
        require_codes(self.config, z)
        c = class_weights(self.config, y, z)
        likelihood: Likelihood = self.head(self.decoder(z, c).to(z.dtype))
        return likelihood

    def prior(self, y: Tensor | None = None, n: int | None = None) -> DiagonalGaussian:
        """p(z | c) with one row a label, or `n` rows of p(z) for a model without classes.

        Raises:
            ValueError: if `n` and y disagree, or a conditional model gets no labels.
        """
        if y is not None and n is not None and n != len(y):
            raise ValueError(f"n must equal the number of labels ({len(y)}), got {n}.")
        rows = (1 if n is None else n) if y is None else len(y)
        like = next(self.parameters()).new_empty(rows, 1)
        prior: DiagonalGaussian = self.prior_network(class_weights(self.config, y, like), rows)
        return prior

    def sample_latents(
        self,
        n: int,
        y: Tensor | None = None,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
    ) -> Tensor:
        """z (n, K) from the prior, its standard deviation scaled by `temperature`."""
        prior = self.prior(y, n)
        return prior.mean + temperature * (prior.rsample(generator) - prior.mean)
