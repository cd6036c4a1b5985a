"""Whether log p(x) tells the test images from shuffled, random, inverted and other ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.alternatives import as_if_of, inverted, noise_images, shuffle_pixels
from vaelab.evaluation.bootstrap import interval
from vaelab.evaluation.codes import encode, evenly_spaced
from vaelab.evaluation.definitions.typicality import ALTERNATIVES
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.log_px import BATCH, log_px_per_image
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.evaluation.typicality import auroc, likelihood_ratio, percentile, typicality

RESAMPLES = 200
CAVEAT = (
    "log {px} is higher for {words} than for the test images (AUROC {auroc:.2f}): a high "
    "likelihood does not make an image one of the data's. That is known of deep generative models "
    "(Nalisnick et al. 2019), and no sign of a bug; the typicality score reads {typical:.2f}, the "
    "likelihood ratio {ratio:.2f}."
)

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scored:
    """Images and their log p(x), (N,)."""

    images: ImageDataset
    log_px: Values


def measure(subject: Subject, found: Findings) -> None:
    settings = subject.settings
    real = _score(subject, found, evenly_spaced(subject.test, settings.n_typicality), "test images")
    reference = real.log_px
    if subject.around.train is not None:
        train = subject.scored(evenly_spaced(subject.around.train, settings.n_typicality))
        reference = _score(subject, found, train, "training images").log_px
    found.keep("log_px_typicality", real.log_px)
    for end, images in _alternatives(subject, real.images):
        scored = _score(subject, found, images, ALTERNATIVES[end])
        found.keep(f"log_px_{end}_values", scored.log_px)
        if end == "shuffled":
            n = settings.n_typicality_samples
            found.mean("log_px_shuffled", scored.log_px, n)
            above = (real.log_px > scored.log_px).astype(np.float64)
            found.mean("log_px_above_shuffled", above, n)
        if np.isfinite(scored.log_px).all() and np.isfinite(real.log_px).all():
            _tell_apart(subject, found, end, real, scored, reference)


def _alternatives(subject: Subject, real: ImageDataset) -> Iterator[tuple[str, ImageDataset]]:
    """By the ends of the figures' keys."""
    seed = subject.settings.seed
    yield "shuffled", shuffle_pixels(real, seed)
    yield "noise", subject.scored(noise_images(real, seed))
    yield "inverted", inverted(real)
    if subject.around.other is not None:
        other = evenly_spaced(subject.around.other, len(real))
        yield "other", subject.scored(as_if_of(real, other))


def _score(subject: Subject, found: Findings, images: ImageDataset, words: str) -> Scored:
    settings, n = subject.settings, subject.settings.n_typicality_samples
    result = log_px_per_image(
        encode(subject.model, images, batch_size=settings.batch_size),
        n_samples=n,
        seed=settings.seed,
        batch_size=min(settings.batch_size, BATCH),
        on_batch=found.stage(f"log {subject.px} of {words}", n),
    )
    return Scored(images, result.log_px)


def _tell_apart(
    subject: Subject, found: Findings, end: str, real: Scored, other: Scored, reference: Values
) -> None:
    scores = {
        f"auroc_{end}": (real.log_px, other.log_px),
        f"auroc_typicality_{end}": (
            typicality(real.log_px, reference),
            typicality(other.log_px, reference),
        ),
        f"auroc_ratio_{end}": (
            likelihood_ratio(real.log_px, real.images),
            likelihood_ratio(other.log_px, other.images),
        ),
    }
    n, samples = len(real.log_px), subject.settings.n_typicality_samples
    named = other.images.name if end == "other" else ""
    areas = {}
    for key, (of_data, of_others) in scores.items():
        areas[key] = auroc(of_data, of_others)
        around = interval(auroc, of_data, of_others, n_resamples=RESAMPLES)
        found.value(key, areas[key], n, samples, interval=around, qualifier=named)
    middle = float(np.median(other.log_px))
    place = float(percentile(middle, real.log_px))
    found.value(f"percentile_{end}", place, n, samples, qualifier=named)
    area, typical, ratio = areas.values()
    if area < 0.5:
        words = f"images of {named}" if named else ALTERNATIVES[end]
        found.notes.append(
            CAVEAT.format(px=subject.px, words=words, auroc=area, typical=typical, ratio=ratio)
        )


def cost(subject: Subject) -> int:
    kinds = 4 + (subject.around.train is not None) + (subject.around.other is not None)
    images = min(subject.settings.n_typicality, len(subject.test))
    return kinds * images * subject.settings.n_typicality_samples


SECTION = Section(
    "Typical and other images",
    measure,
    uses=("seed", "binarisation", "n_typicality", "n_typicality_samples"),
    around=("train", "other"),
    cost=cost,
    applies=lambda subject: subject.has_density,
)
