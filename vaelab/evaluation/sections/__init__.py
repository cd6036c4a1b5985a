"""The report's sections: each knows when it applies, what it depends on and what it costs."""

from __future__ import annotations

from vaelab.evaluation.sections.bounds import SECTION as BOUNDS
from vaelab.evaluation.sections.codes import SECTION as CODES
from vaelab.evaluation.sections.factors import SECTION as FACTORS
from vaelab.evaluation.sections.likelihood import SECTION as LIKELIHOOD
from vaelab.evaluation.sections.projection import SECTION as PROJECTION
from vaelab.evaluation.sections.reconstruction import SECTION as RECONSTRUCTION
from vaelab.evaluation.sections.samples import SECTION as SAMPLES
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.sections.typicality import SECTION as TYPICALITY

# In the order in which they are computed; their figures are those of `BY_SECTION`.
SECTIONS: dict[str, Section] = {
    "bounds": BOUNDS,
    "likelihood": LIKELIHOOD,
    "typicality": TYPICALITY,
    "reconstruction": RECONSTRUCTION,
    "codes": CODES,
    "projection": PROJECTION,
    "samples": SAMPLES,
    "factors": FACTORS,
}

__all__ = ["SECTIONS", "Section"]
