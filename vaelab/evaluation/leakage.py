"""What a report says of the class in the code, and what that means for swapped classes."""

from __future__ import annotations

from dataclasses import dataclass

from vaelab.evaluation.report import Report

ERRORS = 2  # standard errors above chance from which a leak is told from none
# Share of the way from chance to certainty, from which -> what z knows, what swaps do.
KNOWN = {
    0.7: ("z still knows most of the class, so swapped pictures will often keep the old one"),
    0.3: ("z still knows much of the class, so swapped pictures may look like a mixture of two"),
    0.0: ("z still knows a little of the class, so swapped pictures may keep traces of it"),
}


@dataclass(frozen=True)
class Leakage:
    """How well the class can be read from the code of a conditional model.

    Attributes:
        accuracy: of the better of two probes, on one posterior sample an image, in 0..1.
        standard_error: of it; 0 for a single image.
        chance: accuracy of naming the most frequent class, in 0..1.
        split: which images.
        n_images: how many.
    """

    accuracy: float
    standard_error: float
    chance: float
    split: str
    n_images: int

    @property
    def known(self) -> float:
        """Share of the way from chance (0) to certainty (1); below 0 where chance does better."""
        return (self.accuracy - self.chance) / max(1 - self.chance, 1e-9)

    @property
    def sentence(self) -> str:
        """What was measured, and what it means for pictures whose class is swapped."""
        read = (
            f"A simple probe names c from z in {100 * self.accuracy:.0f}% of the "
            f"{self.n_images:,} {self.split} images, chance in {100 * self.chance:.0f}%"
        )
        if self.accuracy - self.chance <= ERRORS * self.standard_error:
            return (
                f"{read}, which is no more than its error allows: no class is found in z, and "
                "swapped pictures should be of the class asked for."
            )
        meaning = next((text for least, text in KNOWN.items() if self.known >= least), KNOWN[0.0])
        return f"{read}: {meaning}."


def leakage_of(report: Report | None) -> Leakage | None:
    """The report's leakage; None where it was not measured."""
    figure = None if report is None else report.get("leakage")
    chance = None if report is None else report.get("leakage_chance")
    if figure is None or chance is None:
        return None
    error = figure.standard_error or 0.0
    return Leakage(figure.value, error, chance.value, figure.split, figure.n_images)
