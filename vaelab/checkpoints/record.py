"""What a checkpoint is, once read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaelab import settings
from vaelab.data.spec import DataSpec
from vaelab.evaluation.report import Report
from vaelab.models import ModelConfig

FORMAT = "vaelab-checkpoint"
FORMAT_VERSION = 1

CONFIG = "config.json"
WEIGHTS = "weights.safetensors"
LATENTS = "latents.npz"
REPORT = "report.json"
HISTORY = "history.json"
SPLITS = "splits.npz"
PREVIEW = "preview.png"  # a grid of decoded samples, never of data
MIXTURE = "mixture.npz"  # an autoencoder's alone
GRAPHS = ("decoder", "encoder")  # may lie beside the weights as ONNX, see `graph_name`

BUNDLED = (
    "mnist-cvae",
    "mnist-vae-2d",
    "fashion-mnist-cvae",
    "cifar10-vae",
    "digits-vae-2d",
    "digits-cvae",
)


def graph_name(graph: str, weights_sha256: str) -> str:
    """File name of the `decoder` or `encoder` of these very weights as ONNX.

    The hash is in the name, so that a graph of other weights is never taken for this one.

    Raises:
        ValueError: for any other graph.
    """
    if graph not in GRAPHS:
        raise ValueError(f"graph must be one of {', '.join(GRAPHS)}, got {graph!r}.")
    return f"{graph}-{weights_sha256[:16]}.onnx"


class CheckpointError(ValueError):
    """A checkpoint folder that cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint folder's description; `vaelab.checkpoints` loads its arrays.

    Attributes:
        id: the folder's name.
        path: the folder.
        model_config: what `build_model` needs.
        train_config: the training settings as they were stored.
        data_spec: what the images were made from.
        data_name: short name of the data set.
        data_fingerprint: sha256 of the source's images and labels.
        class_names: empty for images without labels.
        split_sizes: images in `train`, `validation` and `test`.
        created: ISO 8601, UTC.
        epoch: epochs that the weights have seen.
        n_parameters: trained weights.
        weights_sha256: of weights.safetensors.
        history: per epoch, as the run recorded it.
        report: None until it was evaluated.
    """

    id: str
    path: Path
    model_config: ModelConfig
    train_config: dict[str, Any]
    data_spec: DataSpec
    data_name: str
    data_fingerprint: str
    class_names: tuple[str, ...]
    split_sizes: dict[str, int]
    created: str
    epoch: int
    n_parameters: int
    weights_sha256: str
    history: tuple[dict[str, Any], ...]
    report: Report | None

    @property
    def bundled(self) -> bool:
        """Whether it came with the project."""
        return self.id in BUNDLED and self.path.parent == settings.PROJECT / "checkpoints"


@dataclass(frozen=True)
class DamagedCheckpoint:
    """A folder among the checkpoints that cannot be used, and the reason in a sentence."""

    id: str
    path: Path
    reason: str
