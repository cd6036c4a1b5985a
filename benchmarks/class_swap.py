"""How often a picture decoded with another class is named as that class by a classifier.

    python -m benchmarks.class_swap checkpoints/mnist-cvae --data DIR [--images 300]

Every test image with each of the other classes, with the two ways to carry its code over: its
place under the prior, and the code itself. The classifier is trained on the real images; swaps of
one image are not independent, so the standard error is too small.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from vaelab import settings
from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import load_dataset
from vaelab.evaluation.classifier import kept_classifier
from vaelab.latent.class_swap import swap_images


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=300)
    chosen = parser.parse_args()
    checkpoint = read_checkpoint(chosen.checkpoint)
    splits = load_dataset(checkpoint.data_spec, data_dir=chosen.data)
    judge = kept_classifier(splits.train, settings.home() / "classifiers")
    if judge is None:
        parser.error("no classifier is kept: evaluate --sections samples trains one.")
    assert splits.test.labels is not None
    images, labels = splits.test.images[: chosen.images], splits.test.labels[: chosen.images]
    model = load_model(checkpoint)
    for carry in ("place", "code"):
        swapped = swap_images(model, images, labels, carry=carry)
        pictures = torch.from_numpy(swapped.pictures).flatten(0, 1)
        named = judge.name(pictures).reshape(swapped.is_own.shape)
        right = (named == swapped.classes)[~swapped.is_own]
        error = np.sqrt(right.mean() * (1 - right.mean()) / right.size)
        print(f"{carry:6} {right.mean():.1%} ± {error:.1%} of {right.size:,} named as asked")


if __name__ == "__main__":
    main()
