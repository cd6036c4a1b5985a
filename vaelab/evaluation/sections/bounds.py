"""ELBO, rate, distortion, units in use, and the aggregate posterior against the prior."""

from __future__ import annotations

import math

import numpy as np

from vaelab.evaluation.aggregate import aggregate_per_image
from vaelab.evaluation.elbo import distortion_at_mean, elbo_per_image
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.evaluation.units import active_units, units_with_rate

AUTOENCODER_NOTE = (
    "An autoencoder has no prior over its codes, hence no rate, no ELBO and no log p(x): its "
    "distortion is no bound of anything and does not compare with a VAE's ELBO."
)


def measure(subject: Subject, found: Findings) -> None:
    if not subject.has_density:
        values = distortion_at_mean(
            subject.encoded,
            batch_size=subject.settings.batch_size,
            on_batch=found.stage("distortion"),
        )
        found.mean("distortion", values, kept=True)
        found.notes.append(AUTOENCODER_NOTE)
        return
    terms = elbo_per_image(
        subject.encoded,
        seed=subject.settings.seed,
        batch_size=subject.settings.batch_size,
        on_batch=found.stage("ELBO"),
    )
    bits = subject.model.config.data_dim * math.log(2)
    found.mean("elbo", terms.elbo, n_samples=1, kept=True)
    found.mean("distortion", terms.distortion, n_samples=1)
    found.mean("rate", terms.rate)
    found.mean("bits_per_dimension", -terms.elbo / bits, n_samples=1)
    found.mean("distortion_bits_per_dimension", terms.distortion / bits, n_samples=1)
    found.mean("rate_bits_per_dimension", terms.rate / bits)
    if not np.isfinite(terms.rate_per_dimension).all():
        return  # the rate has left its note; which units are in use cannot be said either
    found.rates = tuple(float(rate) for rate in terms.rate_per_dimension.mean(axis=0))
    n = len(subject.test)
    found.value("active_units", float(active_units(subject.encoded.means).sum()), n)
    found.value("units_with_rate", float(units_with_rate(terms.rate_per_dimension).sum()), n)
    _aggregate(subject, found)


def _aggregate(subject: Subject, found: Findings) -> None:
    codes = subject.encoded.evenly_spaced(subject.settings.n_aggregate)
    values = aggregate_per_image(codes, subject.settings.seed)
    found.mean("marginal_kl", values.marginal_kl, n_samples=1)
    found.mean("mutual_information", values.mutual_information, n_samples=1)
    if values.mutual_information.mean() > values.log_n - 1:
        of_class = ", a class at a time," if subject.model.config.is_conditional else ""
        found.notes.append(
            f"The mutual information is within a nat of {values.log_n:.2f}, the most that "
            f"{len(codes):,} codes{of_class} can show: read it as a lower bound, and the marginal "
            "KL as an upper one."
        )


SECTION = Section(
    "ELBO, rate and distortion",
    measure,
    uses=("seed", "binarisation", "n_aggregate"),
    cost=lambda subject: 2 * len(subject.test),
)
