"""How often the class of the highest p(c|x) is an image's own, and how surely.

    python -m benchmarks.class_posterior checkpoints/mnist-cvae --data DIR --images 300

p(c|x) by Bayes over the classes, log p(x|c) by importance sampling, p(c) as often as the training
images have it; test images evenly spaced. Printed beside the accuracy: how certain the
right and the wrong verdicts were, and how often few samples count in effect under the best class.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import load_dataset
from vaelab.evaluation.class_posterior import class_likelihoods
from vaelab.evaluation.codes import evenly_spaced
from vaelab.evaluation.sections.likelihood import BELIEVABLE_SAMPLES

CERTAIN = 0.999


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--samples", type=int, default=100, help="importance samples a class")
    chosen = parser.parse_args()
    checkpoint = read_checkpoint(chosen.checkpoint)
    if not checkpoint.model_config.is_conditional:
        parser.error(f"{checkpoint.id} is not a conditional VAE.")
    splits = load_dataset(checkpoint.data_spec, data_dir=chosen.data)
    assert splits.train.labels is not None
    test = evenly_spaced(splits.test, chosen.images)
    counts = np.bincount(splits.train.labels, minlength=checkpoint.model_config.n_classes)
    found = class_likelihoods(load_model(checkpoint), test, n_samples=chosen.samples)
    posterior = found.posterior(counts / counts.sum())
    best = posterior.best[:, None]
    top = np.take_along_axis(posterior.probability, best, 1)[:, 0]
    few = np.take_along_axis(found.effective_samples, best, 1)[:, 0] < BELIEVABLE_SAMPLES
    right = posterior.best == test.labels
    error = np.sqrt(right.mean() * (1 - right.mean()) / len(right))
    print(f"{checkpoint.id}, {len(test)} test images, {chosen.samples} samples a class")
    print(f"right: {right.mean():.1%} ± {error:.1%}")
    for name, which in (("right", right), ("wrong", ~right)):
        if which.any():
            print(f"mean p(c|x) of the {name} verdicts: {top[which].mean():.3f}")
    certain = top > CERTAIN
    if certain.any():
        sure = right[certain].mean()
        print(f"above {CERTAIN}: {certain.mean():.0%} of the images; {sure:.1%} right")
    print(f"below {BELIEVABLE_SAMPLES} effective samples under the best class: {few.mean():.0%}")


if __name__ == "__main__":
    main()
