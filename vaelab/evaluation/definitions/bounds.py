"""Figures of the ELBO and of where its rate goes."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import NATS, Definition

BOUNDS: dict[str, Definition] = {
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
    "distortion_bits_per_dimension": Definition(
        "Distortion, bits per dimension",
        "bits per pixel value",
        "Distortion / (D log 2) with D = C H W.",
        of_likelihood=True,
    ),
    "rate_bits_per_dimension": Definition(
        "Rate, bits per dimension",
        "bits per pixel value",
        "Rate / (D log 2) with D = C H W.",
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
    "marginal_kl": Definition(
        "Marginal KL",
        NATS,
        "KL from the prior to the aggregate posterior, the mean over z ~ q(z|x_n) of log q(z) - "
        "log p(z) with q(z) = 1/N sum_n q(z|x_n) over these N images, of the same class where the "
        "model has classes. What samples of the prior miss. By convexity it is too high by what N "
        "images leave out; 0 is best.",
    ),
    "mutual_information": Definition(
        "Mutual information I(x; z)",
        NATS,
        "Rate - marginal KL, both over the same images: what the code tells one of them from the "
        "others (Hoffman & Johnson 2016). At most log N, and too low by what the marginal KL is "
        "too high.",
    ),
}
