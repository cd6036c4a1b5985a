"""How a model's quantities are written: with c where it has classes."""

from __future__ import annotations

from vaelab.evaluation.definitions.definition import NATS
from vaelab.models import ModelConfig
from vaelab.web import words

__all__ = ["NATS", "log_px", "of_likelihood", "plus_minus"]


def log_px(config: ModelConfig) -> str:
    """`log p(x)` or `log p(x | c)`."""
    return "log p(x | c)" if config.is_conditional else "log p(x)"


def of_likelihood(config: ModelConfig) -> str:
    """What kind of number log p(x) is under the model's likelihood, a sentence."""
    if config.likelihood == "bernoulli":
        return (
            "Grey Bernoulli: the likelihood is a probability for binary pixels; for grey ones it "
            "is comparable between images and models, but no density."
        )
    return (
        f"A density over {config.data_dim:,} pixel values in [0, 1] may exceed 1, so its logarithm "
        "may be above 0."
    )


def plus_minus(value: float, error: float) -> str:
    """`−94.1 ± 0.3`: two digits of the error say what is known; without one, the value alone."""
    if not error > 0:
        return words.number(value)
    digits = 0
    while error * 10**digits < 9.5 and digits < 4:
        digits += 1
    return f"{value:,.{digits}f} ± {error:,.{digits}f}".replace("-", words.MINUS)
