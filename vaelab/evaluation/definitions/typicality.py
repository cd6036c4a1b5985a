"""Figures of how well log p(x) tells the data from other images."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import FRACTION, NATS, Definition

# What the test images are told from: the end of a figure's key -> words.
ALTERNATIVES = {
    "shuffled": "shuffled pixels",
    "noise": "uniform noise",
    "inverted": "inverted images",
    "other": "another data set",
}

SHUFFLED = {
    "log_px_shuffled": Definition(
        "log {px} of shuffled pixels",
        NATS,
        "log {px} of the same images, each with its own pixels in random order: a model that "
        "learned structure gives them less.",
        of_likelihood=True,
    ),
    "log_px_above_shuffled": Definition(
        "Images above their shuffled selves",
        FRACTION,
        "Share of images whose log {px} is above that of their own pixels in random order.",
    ),
}


def _of(end: str, words: str) -> dict[str, Definition]:
    return {
        f"auroc_{end}": Definition(
            f"AUROC against {words}",
            "probability",
            f"Probability that a test image has a higher log {{px}} than one of {words}; 0.5 is "
            "chance. A high log p(x) is no proof: models may give other data more (Nalisnick et "
            "al. 2019).",
        ),
        f"auroc_typicality_{end}": Definition(
            f"AUROC by typicality against {words}",
            "probability",
            "The same for the score -|log {px} - mean log {px} of training images| (Nalisnick et "
            "al. 2019b): far above the data's is as strange as far below.",
        ),
        f"auroc_ratio_{end}": Definition(
            f"AUROC by likelihood ratio against {words}",
            "probability",
            "The same for the score log {px} + length of the image's PNG in nats (Serra et al. "
            "2020): a compressor is the model of what any image is.",
        ),
        f"percentile_{end}": Definition(
            f"Percentile of {words}",
            "percent of test images",
            f"Share of test images with a lower log {{px}} than the median one of {words}.",
        ),
    }


TYPICALITY: dict[str, Definition] = {
    **SHUFFLED,
    **{key: value for end, words in ALTERNATIVES.items() for key, value in _of(end, words).items()},
}
