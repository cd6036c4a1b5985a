"""What one section has found: the only place that reduces values over images."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.batches import OnBatch
from vaelab.evaluation.bootstrap import Interval
from vaelab.evaluation.definitions import DEFINITIONS, section_of
from vaelab.evaluation.meter import Meter
from vaelab.evaluation.report import Figure
from vaelab.evaluation.report_parts import ImageValues, Table
from vaelab.evaluation.subject import Subject

Values = npt.NDArray[np.float64]


def standard_error(values: Values) -> float | None:
    """Sample standard deviation / sqrt(N) of values (N,); None for one value."""
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else None


class Findings:
    """Figures, tables, values of single images and notes, named and with their provenance."""

    def __init__(self, subject: Subject, meter: Meter) -> None:
        self.subject, self.meter = subject, meter
        self.figures: list[Figure] = []
        self.tables: list[Table] = []
        self.values: list[ImageValues] = []
        self.notes: list[str] = []
        self.rates: tuple[float, ...] = ()

    def stage(self, text: str, cost: int = 1) -> OnBatch:
        """A callback for a stage in which each image costs `cost` decodings."""
        return self.meter.stage(text, cost)

    def mean(
        self,
        key: str,
        values: Values,
        n_samples: int | None = None,
        *,
        kept: bool = False,
        qualifier: str = "",
    ) -> None:
        """The mean over images (N,) with its standard error.

        A note says so instead where some image's value is not finite.

        Args:
            key: of `DEFINITIONS`.
            values: one an image.
            n_samples: latent samples of each image.
            kept: whether the values go into the report too.
            qualifier: for the name.
        """
        bad = int((~np.isfinite(values)).sum())
        if bad:
            self.notes.append(
                f"{DEFINITIONS[key].name.format(px=self.subject.px)} is left out: it is not "
                f"finite for {bad:,} of {len(values):,} images."
            )
            return
        self.value(
            key,
            float(values.mean()),
            len(values),
            n_samples,
            error=standard_error(values),
            qualifier=qualifier,
        )
        if kept:
            self.keep(key, values)

    def keep(self, key: str, values: Values) -> None:
        """Put single images' values (N,) into the report."""
        test = self.subject.test
        self.values.append(ImageValues.of(key, test.split, len(test), values))

    def value(
        self,
        key: str,
        value: float,
        n_images: int,
        n_samples: int | None = None,
        *,
        error: float | None = None,
        interval: Interval | None = None,
        qualifier: str = "",
        seeded: bool = False,
    ) -> None:
        """A figure that is no mean over images, or is one already; `seeded` if chance is in it."""
        definition, px, size = DEFINITIONS[key], self.subject.px, len(self.subject.test)
        qualifiers = [qualifier] if qualifier else []
        if definition.of_likelihood:
            qualifiers.append(self.subject.scoring)
        elif self.subject.settings.binarisation != "none" and section_of(key) != "samples":
            qualifiers.append(f"{self.subject.settings.binarisation} binarisation")
        if n_images < size and " images " not in qualifier:
            qualifiers.append(f"{n_images:,} of {size:,} images, evenly spaced")
        name = definition.name.format(px=px)
        self.figures.append(
            Figure(
                key=key,
                name=f"{name} ({'; '.join(qualifiers)})" if qualifiers else name,
                value=value,
                unit=definition.unit,
                definition=definition.text.format(px=px),
                split=self.subject.test.split,
                n_images=n_images,
                n_samples=n_samples,
                seed=self.subject.settings.seed if seeded or n_samples is not None else None,
                standard_error=error,
                interval_low=None if interval is None else interval.low,
                interval_high=None if interval is None else interval.high,
            )
        )
