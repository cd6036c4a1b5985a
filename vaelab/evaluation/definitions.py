"""What each reported figure is called, its unit, and what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One figure's words; `{px}` stands for p(x), or p(x|c) where the model has classes.

    Attributes:
        name: for a heading.
        unit: of the value and its standard error.
        text: what was computed, one or two sentences.
        of_likelihood: whether the value depends on how pixels are scored, which its name then says.
    """

    name: str
    unit: str
    text: str
    of_likelihood: bool = False


NATS = "nats per image"

DEFINITIONS: dict[str, Definition] = {
    "elbo": Definition(
        "ELBO",
        NATS,
        "-(distortion + rate), a lower bound of log {px}; higher is better.",
        of_likelihood=True,
    ),
    "distortion": Definition(
        "Distortion",
        NATS,
        "-log p(x|z), averaged over the posterior by samples of z; an autoencoder's z is its code.",
        of_likelihood=True,
    ),
    "rate": Definition(
        "Rate",
        NATS,
        "KL divergence from the prior to the posterior, in closed form: what the code says of x.",
    ),
    "bits_per_dimension": Definition(
        "Bits per dimension",
        "bits per pixel value",
        "-ELBO / (D log 2) with D = C H W, pixels on [0, 1] and not dequantised; lower is better.",
        of_likelihood=True,
    ),
    "log_px": Definition(
        "log {px}",
        NATS,
        "log of the mean importance weight p(x,z) / q(z|x) over posterior samples (Burda et al. "
        "2016, equation 8): in expectation a lower bound of log {px}; higher is better.",
        of_likelihood=True,
    ),
    "nll": Definition(
        "-log {px}",
        NATS,
        "The negative of log {px}; lower is better.",
        of_likelihood=True,
    ),
    "log_px_shuffled": Definition(
        "log {px} of shuffled pixels",
        NATS,
        "log {px} of the same images, each with its own pixels in random order: a model that "
        "learned structure gives them less.",
        of_likelihood=True,
    ),
    "log_px_above_shuffled": Definition(
        "Images above their shuffled selves",
        "fraction of images",
        "Share of images whose log {px} is above that of their own pixels in random order.",
    ),
    "effective_sample_size": Definition(
        "Effective sample size",
        "samples",
        "(sum w)^2 / sum w^2 of an image's importance weights, mean over images; near 1 a single "
        "sample carries the estimate of log {px}.",
    ),
    "active_units": Definition(
        "Active units",
        "latent dimensions",
        "Dimensions whose posterior mean varies over the images by more than 0.01 (variance; "
        "Burda et al. 2016).",
    ),
    "units_with_rate": Definition(
        "Units with a rate",
        "latent dimensions",
        "Dimensions whose mean rate is above 0.01 nats.",
    ),
    "mse": Definition(
        "Mean squared error",
        "squared pixel value",
        "Mean over pixels, on [0, 1], of the squared difference between an image and its "
        "reconstruction from the posterior mean.",
    ),
}
