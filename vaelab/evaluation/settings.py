"""What is measured, and on how many images and samples."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from vaelab.data.binarisation import require_binarisation
from vaelab.evaluation.definitions import BY_SECTION

AT_LEAST_ZERO = ("seed", "n_ais")
NOT_COUNTS = ("sections", "binarisation")


@dataclass(frozen=True)
class EvaluationSettings:
    """Settings of a report; a count above what there is means all.

    Raises:
        ValueError: naming the field, the value got and the values allowed.
    """

    sections: tuple[str, ...] = tuple(BY_SECTION)  # what the model has no use for is left out
    seed: int = 0  # of noise, shuffling and samples
    batch_size: int = 256  # images a forward pass
    binarisation: str = "none"  # of the images scored; a key of BINARISATIONS
    n_aggregate: int = 5_000  # codes of the aggregate posterior
    n_importance_samples: int = 1_000  # S, of log p(x); papers use 5,000
    n_log_px: int = 500  # images, evenly spaced
    n_ais: int = 4  # images on which annealed importance sampling checks, where it is needed
    n_ais_chains: int = 16
    n_ais_steps: int = 300
    n_typicality: int = 300  # images of each kind
    n_typicality_samples: int = 64  # importance samples of each
    n_ssim: int = 2_000  # images
    n_codes: int = 10_000  # training codes that probes are fitted to
    n_projection: int = 2_000  # codes of the map
    n_samples: int = 5_000  # that are held against as many test images
    n_per_class: int = 100  # samples of each class that the classifier is asked about
    classifier_steps: int = 1_500  # batches of 128 training images
    n_factor_codes: int = 2_000  # training and test codes for MIG, DCI and SAP

    def __post_init__(self) -> None:
        object.__setattr__(self, "sections", tuple(self.sections))
        if unknown := set(self.sections) - set(BY_SECTION):
            raise ValueError(
                f"sections must be some of {', '.join(BY_SECTION)}, got {', '.join(unknown)}."
            )
        require_binarisation(self.binarisation)
        for field in fields(self):
            if field.name in NOT_COUNTS:
                continue
            least, value = int(field.name not in AT_LEAST_ZERO), getattr(self, field.name)
            if not isinstance(value, int) or value < least:
                raise ValueError(f"{field.name} must be at least {least}, got {value!r}.")

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "sections": list(self.sections)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> EvaluationSettings:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown key or an invalid value.
        """
        if unknown := set(values) - {field.name for field in fields(cls)}:
            raise ValueError(f"unknown evaluation settings: {', '.join(sorted(unknown))}.")
        return cls(**values)


FULL = EvaluationSettings()
# What a training ends with: minutes would be too long to wait for.
QUICK = EvaluationSettings(
    sections=("bounds", "likelihood", "typicality", "reconstruction"),
    n_importance_samples=64,
    n_ais=0,
    n_typicality=200,
    n_typicality_samples=16,
    n_ssim=500,
)
