"""Whether an image is one of the data's, told from its log p(x), and how well that works."""

from __future__ import annotations

import io
import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.dataset import ImageDataset

Scores = npt.NDArray[np.float64]


def auroc(of_data: Scores, of_others: Scores) -> float:
    """P(score of data > score of others) + P(equal) / 2: (N,), (M,); 0.5 is chance.

    The area under the ROC curve as Mann-Whitney's U / (N M): the mean percentile of the data among
    the others.
    """
    return float(percentile(of_data, of_others).mean() / 100)


def percentile(scores: Scores | float, reference: Scores) -> Scores:
    """Share of the reference images (N,) that score lower, ties counted half, in 0..100."""
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return np.asarray(50.0 * below / len(ordered))


def typicality(log_px: Scores, reference: Scores) -> Scores:
    """-|log p(x) - mean log p of reference images|, nats, higher is more typical: (N,).

    Nalisnick et al. 2019b for single images: a density model's own samples lie in the typical set,
    where log p is near its mean, and not where log p is highest.
    """
    return np.asarray(-np.abs(log_px - reference.mean()))


def complexity(dataset: ImageDataset) -> Scores:
    """Length of each image as a PNG file, in nats: (N,)."""
    return np.asarray([8 * math.log(2) * _png_bytes(image) for image in dataset.images])


def likelihood_ratio(log_px: Scores, dataset: ImageDataset) -> Scores:
    """log p(x) + the image's length as a PNG, nats: (N,).

    Serra et al. 2020: log p(x) / p_0(x) with a compressor as the model p_0 of any image, so that
    simple images lose what they gain by being simple.
    """
    return log_px + complexity(dataset)


def _png_bytes(image: npt.NDArray[np.uint8]) -> int:
    buffer = io.BytesIO()
    pixels = image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return buffer.tell()
