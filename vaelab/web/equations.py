"""The equations at the top of the exploring pages, for the kind of model that is shown."""

from __future__ import annotations

from vaelab.models import ModelConfig


def decoded(config: ModelConfig | None) -> str:
    """What the sliders show."""
    return rf"\hat{{x}} = \mathbb{{E}}[\,x \mid z{_c(config)}\,], \qquad z = (z_1, \dots, z_K)"


def walked(config: ModelConfig | None) -> str:
    """What an interpolation shows."""
    c = ", c(t)" if config is not None and config.is_conditional else ""
    return rf"\hat{{x}}(t) = \mathbb{{E}}[\,x \mid z(t){c}\,], \qquad z(0) = z_A, \; z(1) = z_B"


def mapped(config: ModelConfig | None) -> str:
    """What the map shows."""
    if config is not None and config.is_autoencoder:
        return r"x \;\mapsto\; z = f(x) \in \mathbb{R}^K \;\mapsto\; \mathbb{R}^2"
    mean = rf"\mu = \mathbb{{E}}_{{q(z \mid x{_c(config)})}}[z]"
    return rf"x \;\mapsto\; {mean} \in \mathbb{{R}}^K \;\mapsto\; \mathbb{{R}}^2"


def reconstructed(config: ModelConfig | None) -> str:
    """What a reconstruction is."""
    if config is not None and config.is_autoencoder:
        return r"x \;\mapsto\; z = f(x) \;\mapsto\; \hat{x} = g(z)"
    c = _c(config)
    return (
        rf"x \;\mapsto\; q(z \mid x{c}) = \mathcal{{N}}(\mu, \mathrm{{diag}}\,\sigma^2) \;\mapsto\;"
        rf" \hat{{x}} = \mathbb{{E}}[\,x \mid z = \mu{c}\,]"
    )


def _c(config: ModelConfig | None) -> str:
    return ", c" if config is not None and config.is_conditional else ""
