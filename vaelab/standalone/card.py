"""What a standalone file says of its model, and of whose work lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.evaluation.wording import headline, with_error
from vaelab.models.config import LIKELIHOODS, NETWORKS, PRIORS


@dataclass(frozen=True)
class Line:
    """A line of the card."""

    name: str
    text: str


@dataclass(frozen=True)
class Licence:
    """Whose work it is, and the licence's own words."""

    what: str
    text: str


def summary(checkpoint: Checkpoint) -> str:
    """`CVAE · mnist · 16 dimensions`."""
    config = checkpoint.model_config
    dims = f"{config.latent_dim} dimension{'' if config.latent_dim == 1 else 's'}"
    return f"{config.family_label} · {checkpoint.data_name} · {dims}"


def card_lines(checkpoint: Checkpoint, size: str) -> list[Line]:
    """The model card, with the size of the file that it stands in."""
    config = checkpoint.model_config
    channels, height, width = config.image_shape
    colour = "grey" if channels == 1 else "colour"
    model = f"{config.family_label}, {NETWORKS[config.network]}, {config.latent_dim} dimensions"
    lines = [
        Line("Model", f"{model}, {checkpoint.n_parameters:,} parameters"),
        Line("Data", f"{checkpoint.data_name}, {height}x{width} {colour}, {_split(checkpoint)}"),
    ]
    if not config.is_autoencoder:
        prior = PRIORS[config.prior]
        lines.append(Line("Likelihood", f"{LIKELIHOODS[config.likelihood]}; prior: {prior}"))
    figure = headline(checkpoint.report)
    if figure is None:
        lines.append(Line("Quality", "not evaluated"))
    else:
        measured = f"mean of {figure.n_images:,} {figure.split} images"
        error = " ± standard error" if figure.standard_error else ""
        lines.append(Line(figure.name, f"{with_error(figure)} {figure.unit}{error}, {measured}"))
    lines.append(
        Line(
            "Weights",
            f"epoch {checkpoint.epoch}, {checkpoint.created[:10]}, "
            f"SHA-256 {checkpoint.weights_sha256[:16]}…",
        )
    )
    lines.append(Line("This file", f"{size}; works offline, sends nothing"))
    return lines


def licences(runtime: Path) -> list[Licence]:
    """Of vaelab's own script and of the runtime in the folder `runtime`."""
    return [
        Licence("vaelab (MIT)", (settings.PROJECT / "LICENSE").read_text()),
        Licence("ONNX Runtime Web (MIT)", (runtime / "LICENSE").read_text()),
    ]


def _split(checkpoint: Checkpoint) -> str:
    sizes = checkpoint.split_sizes
    return f"{sizes.get('train', 0):,} training and {sizes.get('test', 0):,} test images"
