"""What is measured: a model and the images that it is measured with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from vaelab.data.binarisation import binarise
from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.codes import Encoded, encode, evenly_spaced
from vaelab.evaluation.settings import EvaluationSettings
from vaelab.models import LIKELIHOODS, Model

N_LOOKED_AT = 10_000  # test images that say whether pixels are binary


@dataclass(frozen=True, eq=False)
class Around:
    """What some sections need beside the test images; they are left out without it.

    Attributes:
        train: training images, for probes, samples and what is typical.
        other: another data set, to be told from the test images.
        classifiers: folder in which trained classifiers are kept; None keeps none.
    """

    train: ImageDataset | None = None
    other: ImageDataset | None = None
    classifiers: Path | None = None

    def describe(self, name: str) -> str | None:
        """Name and number of the images `train` or `other`; None without them."""
        images = {"train": self.train, "other": self.other}[name]
        return None if images is None else f"{images.name}, {len(images):,}"


class Subject:
    """A model with its images, each encoded at most once.

    Attributes:
        grey: the test images as they came.
        test: the test images as they are scored, black and white if so asked.

    Raises:
        ValueError: without images, for images of another shape than the model's, or if pixels are
            to be binarised for a likelihood that is no Bernoulli.
    """

    def __init__(
        self, model: Model, test: ImageDataset, around: Around, settings: EvaluationSettings
    ) -> None:
        _check(model, test, settings)
        self.model, self.settings, self.around = model, settings, around
        self.grey, self.test = test, self.scored(test)

    def scored(self, images: ImageDataset) -> ImageDataset:
        """The images with pixels as the settings want them."""
        return binarise(images, self.settings.binarisation, self.settings.seed)

    @cached_property
    def encoded(self) -> Encoded:
        """The test images with their posteriors."""
        return encode(self.model, self.test, batch_size=self.settings.batch_size)

    @cached_property
    def encoded_train(self) -> Encoded:
        """Up to `n_codes` training images with their posteriors.

        Raises:
            ValueError: without training images.
        """
        if self.around.train is None:
            raise ValueError("train must be given for this section, got None.")
        images = evenly_spaced(self.around.train, self.settings.n_codes)
        return encode(self.model, self.scored(images), batch_size=self.settings.batch_size)

    @property
    def has_density(self) -> bool:
        """Whether there is a p(x): an autoencoder has none."""
        return not self.model.config.is_autoencoder

    @property
    def is_labelled(self) -> bool:
        """Whether training and test images have classes, at least two."""
        train = self.around.train
        return (
            train is not None
            and train.labels is not None
            and self.grey.labels is not None
            and train.n_classes > 1
        )

    @property
    def px(self) -> str:
        """`p(x)`, or `p(x|c)` of a conditional model."""
        return "p(x|c)" if self.model.config.is_conditional else "p(x)"

    @cached_property
    def scoring(self) -> str:
        """How pixels are scored, for the names of figures that depend on it."""
        if self.model.config.likelihood != "bernoulli":
            return f"{LIKELIHOODS[self.model.config.likelihood]}, density on [0, 1]"
        named = {
            "dynamic": f"Bernoulli, dynamic binarisation drawn by seed {self.settings.seed}",
            "fixed": "Bernoulli, fixed binarisation drawn by seed 0",
            "threshold": "Bernoulli, pixels binarised at half grey",
        }
        if self.settings.binarisation in named:
            return named[self.settings.binarisation]
        some = self.test.images[:N_LOOKED_AT]  # there may be more than memory holds
        if bool(np.isin(some, (0, 255)).all()):
            return "Bernoulli, binary pixels"
        return "grey Bernoulli, not a density"


def _check(model: Model, test: ImageDataset, settings: EvaluationSettings) -> None:
    if not len(test):
        raise ValueError("test must hold at least one image, got none.")
    if test.image_shape != model.config.image_shape:
        raise ValueError(
            f"test images must be of the model's shape {model.config.image_shape}, "
            f"got {test.image_shape}."
        )
    if settings.binarisation != "none" and model.config.likelihood != "bernoulli":
        raise ValueError(
            f"binarisation must be none for the likelihood {model.config.likelihood}, "
            f"got {settings.binarisation!r}: binary pixels have a Bernoulli."
        )
