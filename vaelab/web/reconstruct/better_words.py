"""What a search for a better code found, in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.gaps import Gaps
from vaelab.evaluation.sections.likelihood import BELIEVABLE_SAMPLES
from vaelab.latent.names import dimension_name
from vaelab.web import words

Vector = npt.NDArray[np.float64]


def nats(value: float, error: float | None = None) -> str:
    """`3.24` or `3.24 ± 0.15`: two digits after the point, which is what a search can settle."""
    text = f"{value:,.2f}".replace("-", words.MINUS)
    return text if error is None else f"{text} ± {error:.2f}"


def what_it_means(gaps: Gaps, px: str) -> str:
    """The gaps of one image in sentences; `px` as `p(x | c)`."""
    gap, error = float(gaps.amortisation[0]), float(gaps.amortisation_error[0])
    if gap < 2 * error:
        said = (
            "**Nothing better was found than the encoder’s posterior**, within the Monte Carlo "
            f"error of {nats(error)} nats: for this picture its shortcut costs "
            "nothing that could be measured."
        )
    else:
        said = (
            f"**The encoder’s shortcut costs {nats(gap, error)} nats here**: so much higher is the "
            "ELBO of the best diagonal Gaussian that the search found for this picture."
        )
    left = nats(float(gaps.approximation[0]))
    effective = float(gaps.effective_after[0])
    bound = ", or more," if effective < BELIEVABLE_SAMPLES else ""
    return (
        f"{said} Another {left} nats{bound} lie between that ELBO and log {px}, because the true "
        "posterior is no diagonal Gaussian: the **approximation gap**, which no encoder of this "
        "kind can mend."
    )


def caveats(gaps: Gaps, px: str) -> str:
    """What a reader of the numbers must know."""
    effective = float(gaps.effective_after[0])
    before = float(gaps.effective_before[0])
    said = (
        f"All from {gaps.n_samples:,} fresh samples, the same noise for both posteriors; the "
        "standard errors are of these samples. Had it been worse on them, the encoder’s posterior "
        f"would have been kept. log {px} is importance-sampled with the better posterior, of which "
        f"{effective:.1f} samples count in effect; of the encoder’s {before:.1f}."
    )
    if effective < BELIEVABLE_SAMPLES:
        said += (
            f" That is fewer than {BELIEVABLE_SAMPLES}: read log {px} as a lower bound, and its "
            "standard error as too small."
        )
    return said


def moved(shift: Vector, unit: str) -> str:
    """How far a code (K,) moved, in units that the sentence names."""
    most = int(np.abs(shift).argmax())
    rms = float(np.sqrt(np.mean(np.square(shift))))
    return (
        f"{rms:.2f} {unit} (root mean square over {len(shift)} dimensions), most in "
        f"{dimension_name(most)}: {shift[most]:+.2f}".replace("-", words.MINUS)
    )
