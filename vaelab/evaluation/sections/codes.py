"""What can be read from codes: the class, which is of use, or in a conditional model a leak."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from vaelab.evaluation.codes import Encoded
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.probes import Labelled, chance, knn_correct, linear_probe_correct
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.models import VAE


def measure(subject: Subject, found: Findings) -> None:
    train, test = subject.encoded_train, subject.encoded
    stage = found.stage("probes of the codes")
    fitted, asked = (Labelled(codes.means, _labels(codes)) for codes in (train, test))
    if not (np.isfinite(fitted.codes).all() and np.isfinite(asked.codes).all()):
        found.notes.append("Probes are left out: some codes are not finite.")
        return
    found.mean("knn_accuracy", knn_correct(fitted, asked))
    stage(len(test))
    found.mean("linear_probe_accuracy", linear_probe_correct(fitted, asked))
    clean = chance(fitted.labels, asked.labels)
    found.value("chance_accuracy", clean, len(test))
    if subject.model.config.is_conditional:
        _leakage(subject, found, train, test)
        found.value("leakage_chance", clean, len(test))


def _leakage(subject: Subject, found: Findings, train: Encoded, test: Encoded) -> None:
    seed = subject.settings.seed
    fitted = Labelled(relative_samples(train, seed), _labels(train))
    asked = Labelled(relative_samples(test, seed + 1), _labels(test))
    read = (knn_correct(fitted, asked), linear_probe_correct(fitted, asked))
    found.mean("leakage", max(read, key=lambda correct: correct.mean()), n_samples=1)


@torch.no_grad()
def relative_samples(encoded: Encoded, seed: int) -> npt.NDArray[np.float64]:
    """u = (z - m_c) / s_c of one z ~ q(z|x,c), with the prior N(m_c, s_c^2): float64 (N, K).

    Under the prior u is N(0, I) whatever the class; with p(z|c) = N(0, I) it is z.
    """
    model, labels = encoded.model, _labels(encoded)
    assert isinstance(model, VAE)
    prior = model.prior(torch.from_numpy(labels).to(encoded.mean.device)).double()
    z = encoded.samples(seed)
    return np.asarray((z - prior.mean.cpu().numpy()) / prior.std.cpu().numpy())


def _labels(encoded: Encoded) -> npt.NDArray[np.int64]:
    labels = encoded.dataset.labels
    assert labels is not None  # the section applies to labelled images alone
    return labels


SECTION = Section(
    "What the code says of the class",
    measure,
    uses=("seed", "binarisation", "n_codes"),
    around=("train",),
    cost=lambda subject: subject.settings.n_codes + 2 * len(subject.test),
    applies=lambda subject: subject.is_labelled,
)
