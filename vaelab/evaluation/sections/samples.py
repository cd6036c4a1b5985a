"""Samples against images, in the eyes of a small classifier trained on the data set."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.classifier import BATCH, Classifier, classifier_of
from vaelab.evaluation.codes import evenly_spaced
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.report_parts import Table
from vaelab.evaluation.sample_quality import confusion_matrix, frechet_distance, precision_recall
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.latent.mixture import CodeMixture
from vaelab.models import VAE

CLASSIFIER_COST = 5  # decodings that an image of a training epoch takes as long as
MIXTURE_NOTE = (
    "An autoencoder has no prior to sample from: its samples come from a Gaussian mixture fitted "
    "to the codes of training images."
)


def measure(subject: Subject, found: Findings) -> None:
    settings, train = subject.settings, subject.around.train
    assert train is not None  # the section applies to labelled images alone
    classifier = classifier_of(
        train,
        subject.around.classifiers,
        steps=settings.classifier_steps,
        on_batch=found.stage("training of the classifier", CLASSIFIER_COST),
    )
    right = classifier.name(pixels(subject.grey)) == subject.grey.labels
    found.mean("classifier_accuracy", right.astype(np.float64))
    _distribution(subject, found, classifier, train)
    if subject.model.config.is_conditional:
        _agreement(subject, found, classifier)


def _distribution(
    subject: Subject, found: Findings, classifier: Classifier, train: ImageDataset
) -> None:
    """Fréchet distance, precision and recall."""
    images = evenly_spaced(subject.grey, subject.settings.n_samples)
    n = len(images)
    real = classifier.features(pixels(images))
    stage = found.stage("samples")
    drawn = draw(subject, n, images.labels if subject.model.config.is_conditional else None)
    stage(n)
    generated = classifier.features(drawn)
    if min(len(real), len(generated)) < 4 or not np.isfinite(generated).all():
        found.notes.append("Samples are not judged: there are too few, or some are not finite.")
        return
    if not subject.has_density:
        found.notes.append(MIXTURE_NOTE)
    found.value("classifier_frechet", frechet_distance(real, generated), n, n)
    trained = classifier.features(pixels(evenly_spaced(train, n)))
    found.value("classifier_frechet_real", frechet_distance(real, trained), n)
    manifolds = precision_recall(real, generated)
    found.mean("precision", manifolds.precision.astype(np.float64), n)
    found.mean("recall", manifolds.recall.astype(np.float64), n)


def _agreement(subject: Subject, found: Findings, classifier: Classifier) -> None:
    n_classes = subject.model.config.n_classes
    asked = np.repeat(np.arange(n_classes), subject.settings.n_per_class)
    named = classifier.name(draw(subject, len(asked), asked))
    share = float((named == asked).mean())
    error = float(np.sqrt(share * (1 - share) / len(asked)))
    size = len(subject.test)
    found.value("classifier_agreement", share, size, len(asked), error=error)
    names = subject.grey.class_names
    matrix = confusion_matrix(asked, named, n_classes)
    found.tables.append(
        Table(
            "classifier_confusion",
            "Samples by class asked for and class named",
            "fraction of the samples of a class",
            f"Of {subject.settings.n_per_class:,} samples of p(x|c) for each class (rows), the "
            "share that the classifier names so (columns).",
            names,
            names,
            tuple(tuple(float(v) for v in row) for row in matrix),
        )
    )


@torch.no_grad()
def draw(subject: Subject, n: int, labels: npt.NDArray[np.int64] | None) -> Tensor:
    """Decoder means of n codes from the prior, or from an autoencoder's mixture: (n, C, H, W)."""
    model = subject.model
    like = next(model.parameters())
    generator = torch.Generator(like.device).manual_seed(subject.settings.seed)
    y = None if labels is None else torch.from_numpy(labels).to(like.device)
    if isinstance(model, VAE):
        z = model.sample_latents(n, y, generator)
    else:
        codes = subject.encoded_train.means.astype(np.float32)
        z = CodeMixture.fit(codes).sample(n, torch.Generator().manual_seed(subject.settings.seed))
        z = z.to(like)
    size = subject.settings.batch_size
    parts = [
        model.decode(z[start : start + size], None if y is None else y[start : start + size]).mean
        for start in range(0, n, size)
    ]
    return torch.cat(parts).float().cpu()


def pixels(dataset: ImageDataset) -> Tensor:
    """(N, C, H, W) float32 in [0, 1]."""
    return torch.from_numpy(dataset.images).float() / 255


def cost(subject: Subject) -> int:
    settings = subject.settings
    return CLASSIFIER_COST * BATCH * settings.classifier_steps + 2 * settings.n_samples


SECTION = Section(
    "Samples",
    measure,
    uses=("seed", "n_samples", "n_per_class", "classifier_steps"),
    around=("train",),
    cost=cost,
    applies=lambda subject: subject.is_labelled,
)
