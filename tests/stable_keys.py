"""The keys of `evaluate --json` that programs rely on: changing one is a change of the format.

Of the digits, where no other data set is at hand and no annealing is asked for.
"""

from __future__ import annotations

ABOUT = ("checkpoint", "source", "split", "n_images", "unit", "report")
# with a `…_standard_error`
MEANS = (
    *("elbo", "distortion", "rate", "marginal_kl", "mutual_information"),
    *("bits_per_dimension", "distortion_bits_per_dimension", "rate_bits_per_dimension"),
    *("log_px", "nll", "nll_bits_per_dimension", "effective_sample_size", "poor_sample_size"),
    *("log_px_shuffled", "log_px_above_shuffled"),
    *("mse", "psnr", "ssim", "knn_accuracy", "linear_probe_accuracy"),
    *("classifier_accuracy", "precision", "recall"),
)
# with an `…_interval` of 95%
AREAS = tuple(
    f"auroc_{score}{end}"
    for end in ("shuffled", "noise", "inverted")
    for score in ("", "typicality_", "ratio_")
)
SINGLE = (
    *("active_units", "units_with_rate", "chance_accuracy"),
    *("percentile_shuffled", "percentile_noise", "percentile_inverted"),
    *("trustworthiness", "continuity", "neighbour_hit"),
    *("classifier_frechet", "classifier_frechet_real"),
)
# of a model that is told the class, beside the others
MEANS_OF_CLASSES = ("leakage", "classifier_agreement")
SINGLE_OF_CLASSES = ("leakage_chance",)


def stable_keys(*, conditional: bool) -> set[str]:
    """All of them."""
    means = (*MEANS, *MEANS_OF_CLASSES) if conditional else MEANS
    single = (*SINGLE, *SINGLE_OF_CLASSES) if conditional else SINGLE
    return {
        *ABOUT,
        *means,
        *(f"{key}_standard_error" for key in means),
        *AREAS,
        *(f"{key}_interval" for key in AREAS),
        *single,
    }
