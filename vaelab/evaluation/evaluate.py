"""Measure a model on a split: the only place that reduces values over images."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch
from vaelab.evaluation.definitions import DEFINITIONS
from vaelab.evaluation.elbo import distortion_at_mean, elbo_per_image
from vaelab.evaluation.log_px import LogPx, evenly_spaced, log_px_per_image, shuffle_pixels
from vaelab.evaluation.reconstruction import mse_per_image
from vaelab.evaluation.report import Figure, Report
from vaelab.evaluation.units import active_units, posterior_means, units_with_rate
from vaelab.models import LIKELIHOODS, Model

Progress = Callable[[float, str], None]  # fraction of the work in 0..1, what is being done
BELIEVABLE_SAMPLES = 5  # mean effective sample size below which the report warns
LOG_PX_BATCH = 16  # images: each is decoded S times, and progress is to be told within seconds

AUTOENCODER_NOTE = (
    "An autoencoder has no prior over its codes, hence no rate, no ELBO and no log p(x): its "
    "distortion is no bound of anything and does not compare with a VAE's ELBO."
)

N_LOOKED_AT = 10_000  # test images that say whether pixels are binary


def evaluate(
    model: Model,
    test: ImageDataset,
    *,
    n_importance_samples: int = 64,
    n_log_px: int = 1_000,
    seed: int = 0,
    batch_size: int = 256,
    progress: Progress | None = None,
) -> Report:
    """Every figure of `DEFINITIONS` that the model has, on all images of `test`.

    Args:
        model: any family; a conditional one is given the labels, and log p(x) is log p(x|c).
        test: at least one image; its split is named in every figure.
        n_importance_samples: posterior samples S an image for log p(x).
        n_log_px: log p(x), S times as slow as the rest, is computed on at most so many images,
            spread evenly over the split.
        seed: of the noise and of the shuffling.
        batch_size: images a forward pass.
        progress: called with the fraction done and what is being done.

    Raises:
        ValueError: without images, for images of another shape than the model's, for counts below
            1, or if a conditional model meets images without labels.
    """
    _check(model, test, n_importance_samples, n_log_px)
    subset = evenly_spaced(test, n_log_px)
    passes = 2 * len(test) if model.config.is_autoencoder else 3 * len(test)
    work = passes + (0 if model.config.is_autoencoder else 2 * n_importance_samples * len(subset))
    reporter = _Reporter(model, test, seed, batch_size, _Meter(progress, work))
    if model.config.is_autoencoder:
        reporter.add_autoencoder()
    else:
        reporter.add_elbo()
        reporter.add_log_px(subset, n_importance_samples)
    reporter.add_reconstruction()
    return reporter.report()


def standard_error(values: npt.NDArray[np.float64]) -> float | None:
    """Sample standard deviation / sqrt(N) of values (N,); None for one value."""
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else None


class _Meter:
    """Turns images done into a fraction of all the work."""

    def __init__(self, progress: Progress | None, work: int) -> None:
        self.progress, self.work, self.done = progress, work, 0

    def stage(self, text: str, cost: int = 1) -> OnBatch:
        """A callback for a stage in which each image costs `cost` decodings."""

        def on_batch(n_images: int) -> None:
            self.done += cost * n_images
            if self.progress is not None:
                self.progress(self.done / self.work, text)

        return on_batch


class _Reporter:
    """Collects the figures of one model on one split."""

    def __init__(
        self, model: Model, test: ImageDataset, seed: int, batch_size: int, meter: _Meter
    ) -> None:
        self.model, self.test, self.seed, self.meter = model, test, seed, meter
        self.batch_size = batch_size
        self.scoring = _scoring(model, test)
        self.figures: list[Figure] = []
        self.notes: list[str] = []
        self.rates: tuple[float, ...] = ()

    def add_autoencoder(self) -> None:
        on_batch = self.meter.stage("distortion")
        values = distortion_at_mean(
            self.model, self.test, batch_size=self.batch_size, on_batch=on_batch
        )
        self._mean("distortion", values)
        self.notes.append(AUTOENCODER_NOTE)

    def add_elbo(self) -> None:
        on_batch = self.meter.stage("ELBO")
        terms = elbo_per_image(
            self.model, self.test, seed=self.seed, batch_size=self.batch_size, on_batch=on_batch
        )
        self._mean("elbo", terms.elbo, n_samples=1)
        self._mean("distortion", terms.distortion, n_samples=1)
        self._mean("rate", terms.rate)
        bits = -terms.elbo / (self.model.config.data_dim * math.log(2))
        self._mean("bits_per_dimension", bits, n_samples=1)
        if not np.isfinite(terms.rate_per_dimension).all():
            return  # the rate has left its note; which units are in use cannot be said either
        self.rates = tuple(float(rate) for rate in terms.rate_per_dimension.mean(axis=0))
        on_batch = self.meter.stage("active units")
        means = posterior_means(
            self.model, self.test, batch_size=self.batch_size, on_batch=on_batch
        )
        self._count("active_units", active_units(means))
        self._count("units_with_rate", units_with_rate(terms.rate_per_dimension))

    def add_log_px(self, subset: ImageDataset, n_samples: int) -> None:
        real = self._log_px(subset, n_samples, "log p(x)")
        shuffled = self._log_px(
            shuffle_pixels(subset, self.seed), n_samples, "log p(x) of shuffled pixels"
        )
        self._mean("log_px", real.log_px, n_samples)
        self._mean("nll", -real.log_px, n_samples)
        self._mean("log_px_shuffled", shuffled.log_px, n_samples)
        above = (real.log_px > shuffled.log_px).astype(np.float64)
        self._mean("log_px_above_shuffled", above, n_samples)
        self._mean("effective_sample_size", real.effective_samples, n_samples)
        mean_effective = float(real.effective_samples.mean())
        if mean_effective < BELIEVABLE_SAMPLES:
            self.notes.append(
                f"Of {n_samples} importance samples {mean_effective:.1f} count in effect, fewer "
                f"than {BELIEVABLE_SAMPLES}: read log p(x) as a lower bound, and take more samples "
                "to come closer."
            )

    def add_reconstruction(self) -> None:
        on_batch = self.meter.stage("reconstruction")
        self._mean(
            "mse",
            mse_per_image(self.model, self.test, batch_size=self.batch_size, on_batch=on_batch),
        )

    def report(self) -> Report:
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return Report(tuple(self.figures), self.rates, tuple(self.notes), created)

    def _log_px(self, images: ImageDataset, n_samples: int, text: str) -> LogPx:
        return log_px_per_image(
            self.model,
            images,
            n_samples=n_samples,
            seed=self.seed,
            batch_size=min(self.batch_size, LOG_PX_BATCH),
            on_batch=self.meter.stage(text, n_samples),
        )

    def _mean(
        self, key: str, values: npt.NDArray[np.float64], n_samples: int | None = None
    ) -> None:
        """The mean over images (N,), or a note where some image's value is not finite."""
        bad = int((~np.isfinite(values)).sum())
        if bad:
            self.notes.append(
                f"{DEFINITIONS[key].name} is left out: it is not finite for {bad:,} of "
                f"{len(values):,} images."
            )
            return
        error = standard_error(values)
        self._add(key, float(values.mean()), len(values), n_samples, error)

    def _count(self, key: str, flags: npt.NDArray[np.bool_]) -> None:
        self._add(key, float(flags.sum()), len(self.test), None, None)

    def _add(
        self, key: str, value: float, n_images: int, n_samples: int | None, error: float | None
    ) -> None:
        definition = DEFINITIONS[key]
        px = "p(x|c)" if self.model.config.is_conditional else "p(x)"
        qualifiers = [self.scoring] if definition.of_likelihood and self.scoring else []
        if n_images < len(self.test):
            qualifiers.append(f"{n_images:,} of {len(self.test):,} images, evenly spaced")
        name = definition.name.format(px=px)
        self.figures.append(
            Figure(
                key=key,
                name=f"{name} ({'; '.join(qualifiers)})" if qualifiers else name,
                value=value,
                unit=definition.unit,
                definition=definition.text.format(px=px),
                split=self.test.split,
                n_images=n_images,
                n_samples=n_samples,
                seed=None if n_samples is None else self.seed,
                standard_error=error,
            )
        )


def _scoring(model: Model, test: ImageDataset) -> str:
    """How pixels are scored, for the names of figures that depend on it."""
    if model.config.likelihood != "bernoulli":
        return f"{LIKELIHOODS[model.config.likelihood]}, density on [0, 1]"
    some = test.images[:N_LOOKED_AT]  # there may be more than memory holds
    if bool(np.isin(some, (0, 255)).all()):
        return "Bernoulli, binary pixels"
    return "grey Bernoulli, not a density"


def _check(model: Model, test: ImageDataset, n_importance_samples: int, n_log_px: int) -> None:
    if not len(test):
        raise ValueError("test must hold at least one image, got none.")
    if test.image_shape != model.config.image_shape:
        raise ValueError(
            f"test images must be of the model's shape {model.config.image_shape}, "
            f"got {test.image_shape}."
        )
    for name, value in (("n_importance_samples", n_importance_samples), ("n_log_px", n_log_px)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}.")
