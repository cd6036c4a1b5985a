"""log p(x) by importance sampling, and by annealing where that is in doubt."""

from __future__ import annotations

import math

import numpy as np

from vaelab.evaluation.ais import AisSettings, ais_log_px_per_image
from vaelab.evaluation.codes import Encoded
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.log_px import BATCH, LogPx, log_px_per_image
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject
from vaelab.latent.annealed import PILOT_CHAINS

BELIEVABLE_SAMPLES = 5  # effective samples below which an image's log p(x) is in doubt
DOUBTFUL_SHARE = 0.05  # of images below that, from which the report warns
GRADIENT_COST = 3  # decodings that a decoding and its gradient take as long as


def measure(subject: Subject, found: Findings) -> None:
    settings = subject.settings
    codes = subject.encoded.evenly_spaced(settings.n_log_px)
    n = settings.n_importance_samples
    result = log_px_per_image(
        codes,
        n_samples=n,
        seed=settings.seed,
        batch_size=min(settings.batch_size, BATCH),
        on_batch=found.stage(f"log {subject.px}", n),
    )
    found.mean("log_px", result.log_px, n, kept=True)
    found.mean("nll", -result.log_px, n)
    bits = subject.model.config.data_dim * math.log(2)
    found.mean("nll_bits_per_dimension", -result.log_px / bits, n)
    found.mean("effective_sample_size", result.effective_samples, n)
    poor = (result.effective_samples < BELIEVABLE_SAMPLES).astype(np.float64)
    found.mean("poor_sample_size", poor, n)
    if poor.mean() > DOUBTFUL_SHARE:
        found.notes.append(
            f"Of {n:,} importance samples fewer than {BELIEVABLE_SAMPLES} count in effect for "
            f"{poor.mean():.0%} of the images: read log {subject.px} as a lower bound, and take "
            "more samples to come closer."
        )
    if poor.any() and settings.n_ais and np.isfinite(result.log_px).all():
        _anneal(subject, found, codes, result)


def _anneal(subject: Subject, found: Findings, codes: Encoded, plain: LogPx) -> None:
    """On the images whose importance weights say least."""
    settings = subject.settings
    rows = np.argsort(plain.effective_samples, kind="stable")[: settings.n_ais]
    annealing = AisSettings(settings.n_ais_chains, settings.n_ais_steps)
    annealed = ais_log_px_per_image(
        codes.take(rows),
        annealing,
        seed=settings.seed,
        on_batch=found.stage("annealed importance sampling", _decodings(annealing)),
    )
    chosen = f"the {len(rows)} images of fewest effective samples"
    n = annealing.n_chains
    found.mean("log_px_ais", annealed.log_px, n, qualifier=chosen)
    found.mean("log_px_ais_gain", annealed.log_px - plain.log_px[rows], n, qualifier=chosen)


def _decodings(annealing: AisSettings) -> int:
    chains = annealing.n_chains + PILOT_CHAINS
    return GRADIENT_COST * chains * annealing.n_steps * annealing.n_leapfrog


def cost(subject: Subject) -> int:
    settings = subject.settings
    images = min(settings.n_log_px, len(subject.test))
    annealing = AisSettings(settings.n_ais_chains, settings.n_ais_steps)
    return images * settings.n_importance_samples + settings.n_ais * _decodings(annealing)


SECTION = Section(
    "Marginal likelihood",
    measure,
    uses=(
        *("seed", "binarisation", "n_importance_samples", "n_log_px"),
        *("n_ais", "n_ais_chains", "n_ais_steps"),
    ),
    cost=cost,
    applies=lambda subject: subject.has_density,
)
