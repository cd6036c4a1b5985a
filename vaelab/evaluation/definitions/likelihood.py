"""Figures of log p(x)."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import FRACTION, NATS, Definition

LIKELIHOOD: dict[str, Definition] = {
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
    "nll_bits_per_dimension": Definition(
        "-log {px}, bits per dimension",
        "bits per pixel value",
        "-log {px} / (D log 2) with D = C H W, pixels on [0, 1] and not dequantised.",
        of_likelihood=True,
    ),
    "effective_sample_size": Definition(
        "Effective sample size",
        "samples",
        "(sum w)^2 / sum w^2 of an image's importance weights, mean over images; near 1 a single "
        "sample carries the estimate of log {px}.",
    ),
    "poor_sample_size": Definition(
        "Images with too few effective samples",
        FRACTION,
        "Share of images whose effective sample size is below 5: their log {px} is a loose bound.",
    ),
    "log_px_ais": Definition(
        "log {px} by annealed importance sampling",
        NATS,
        "From the prior to the posterior by Hamiltonian transitions, without the encoder (Neal "
        "2001; Wu et al. 2017), on the images with the smallest effective sample size: in "
        "expectation a lower bound of log {px} too.",
        of_likelihood=True,
    ),
    "log_px_ais_gain": Definition(
        "Annealing above importance sampling",
        NATS,
        "log {px} by annealed minus by plain importance sampling on the same images: clearly "
        "above 0, plain importance sampling was too low there.",
    ),
}
