"""What the model says of one image, in nats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data.binarisation import binarise
from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.codes import encode
from vaelab.evaluation.log_px import log_px_per_image
from vaelab.models import VAE, Model
from vaelab.objectives import distortion, elbo_terms
from vaelab.web.decoding import pixels

SAMPLES = 64  # of the posterior, for the distortion
SEED = 0


@dataclass(frozen=True)
class ImageTerms:
    """The ELBO's terms of one image, nats.

    Attributes:
        distortion: -E[log p(x|z)], over `n_samples` posterior samples; of the code itself for an
            autoencoder.
        rate: KL[q(z|x) || p(z)]; None for an autoencoder, which has no prior to be measured by.
        n_samples: 0 where nothing is sampled.
    """

    distortion: float
    rate: float | None
    n_samples: int

    @property
    def elbo(self) -> float | None:
        """-(distortion + rate); None for an autoencoder."""
        return None if self.rate is None else -(self.distortion + self.rate)


@dataclass(frozen=True)
class ImageLogPx:
    """log p(x) of one image by importance sampling, log p(x|c) for a conditional model.

    Attributes:
        log_px: nats.
        standard_error: of it, nats, by the delta method.
        effective_samples: between 1 and `n_samples`.
        n_samples: S.
    """

    log_px: float
    standard_error: float
    effective_samples: float
    n_samples: int


def scored(image: npt.NDArray[np.uint8], binarisation: str, seed: int) -> npt.NDArray[np.uint8]:
    """One image uint8 (C, H, W) with pixels as the model's report scores them."""
    images = binarise(ImageDataset("one", np.array(image)[None]), binarisation, seed).images
    return np.asarray(images[0])


def log_px_of_image(
    model: Model,
    image: npt.NDArray[np.uint8],
    label: int | None = None,
    *,
    n_samples: int,
    seed: int = SEED,
) -> ImageLogPx:
    """log p(x) of one image uint8 (C, H, W), under class `label` for a conditional model.

    Raises:
        ValueError: for an autoencoder, which defines no log p(x).
    """
    n_classes = model.config.n_classes
    labels = np.array([label or 0], np.int64) if n_classes else None
    dataset = ImageDataset("one", np.array(image)[None], labels, tuple(map(str, range(n_classes))))
    found = log_px_per_image(encode(model, dataset), n_samples=n_samples, seed=seed)
    return ImageLogPx(
        float(found.log_px[0]),
        float(found.standard_error[0]),
        float(found.effective_samples[0]),
        n_samples,
    )


@torch.inference_mode()
def measure_image(
    model: Model, image: npt.NDArray[np.uint8], label: int | None = None
) -> ImageTerms:
    """The terms of one image uint8 (C, H, W), under class `label` for a conditional model."""
    x = pixels(image[None])
    if not isinstance(model, VAE):
        return ImageTerms(float(distortion(model, x, model.encode(x).mean)), None, 0)
    y = None if label is None else torch.tensor([label])
    terms = elbo_terms(model, x, y, torch.Generator().manual_seed(SEED), SAMPLES)
    return ImageTerms(float(terms.distortion), float(terms.rate), SAMPLES)


@torch.inference_mode()
def elbo_of_classes(model: Model, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """ELBO of one image uint8 (C, H, W) under every class: (n_classes,), nats.

    Raises:
        ValueError: for a model without classes.
    """
    n = model.config.n_classes
    if not n:
        raise ValueError("model must be conditional: without classes there is one ELBO.")
    x = pixels(image[None]).expand(n, -1, -1, -1)
    terms = elbo_terms(model, x, torch.arange(n), torch.Generator().manual_seed(SEED), SAMPLES)
    return np.asarray(terms.elbo.double().numpy(), np.float64)
