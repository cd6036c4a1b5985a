"""Figures of reconstructions and of samples."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import FRACTION, Definition

_FEATURES = (
    "in the 128 features of a small classifier trained on the training images, the one whose "
    "accuracy stands here: no Inception, no FID, and comparable on the same images alone"
)

RECONSTRUCTION: dict[str, Definition] = {
    "mse": Definition(
        "Mean squared error",
        "squared pixel value",
        "Mean over pixels, on [0, 1], of the squared difference between an image and its "
        "reconstruction from the posterior mean.",
    ),
    "psnr": Definition(
        "Peak signal-to-noise ratio",
        "dB",
        "10 log10(1 / MSE) of each image's reconstruction from the posterior mean, mean over "
        "images; higher is better.",
    ),
    "ssim": Definition(
        "Structural similarity",
        "index, at most 1",
        "SSIM of image and reconstruction from the posterior mean (Wang et al. 2004; "
        "scikit-image's, uniform windows of 7x7 pixels); higher is better.",
    ),
}

SAMPLES: dict[str, Definition] = {
    "classifier_accuracy": Definition(
        "Accuracy of the classifier on real images",
        FRACTION,
        "Share of test images that the small classifier names right: what its word is worth below.",
    ),
    "classifier_frechet": Definition(
        "Classifier Fréchet distance",
        "squared feature distance",
        "|m - m'|^2 + tr(S + S' - 2 (S S')^(1/2)) of test images and of as many samples (decoder "
        f"means), {_FEATURES}. Lower is better; it is biased upwards by few images.",
    ),
    "classifier_frechet_real": Definition(
        "Classifier Fréchet distance of training images",
        "squared feature distance",
        "The same for training images in place of samples: what no generator need be better than.",
    ),
    "precision": Definition(
        "Precision",
        "fraction of samples",
        "Share of samples in the manifold of the test images, the union of balls to each one's "
        f"third neighbour (Kynkäänniemi et al. 2019), {_FEATURES}.",
    ),
    "recall": Definition(
        "Recall",
        FRACTION,
        "Share of test images in the manifold of the samples, built likewise: how much of the data "
        "samples reach.",
    ),
    "classifier_agreement": Definition(
        "Samples named as asked",
        "fraction of samples",
        "Share of samples of p(x|c) (decoder means, z from the prior, as many of each class) that "
        "the classifier names c. Read it beside the classifier's accuracy on real images.",
    ),
}
