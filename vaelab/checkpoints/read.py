"""Reading checkpoint folders: nothing is unpickled, every fault is a sentence."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError

from vaelab import settings
from vaelab.checkpoints import record
from vaelab.checkpoints.array_file import read_arrays
from vaelab.checkpoints.record import Checkpoint, CheckpointError, DamagedCheckpoint
from vaelab.data.spec import DataSpec
from vaelab.evaluation.report import Report
from vaelab.latent.encode import Latents
from vaelab.latent.mixture import CodeMixture
from vaelab.models import Model, ModelConfig, assemble_model

MAX_JSON_BYTES = 32 * 2**20
MAX_WEIGHTS_BYTES = 4 * 2**30
# Wider models may need any amount of memory; counting that first takes seconds, once a process.
UNCOUNTED_WIDTH = {"mlp": 512, "conv": 64}
# Half a character that JSON can spell and no page can show.
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def list_checkpoints(root: Path | str | None = None) -> list[Checkpoint | DamagedCheckpoint]:
    """Every folder of `root` (default: the project's checkpoints), usable or not.

    Bundled ones come first in their own order, then the newest.
    """
    root = settings.checkpoints_dir() if root is None else Path(root)
    if not root.is_dir():
        return []
    found: list[Checkpoint | DamagedCheckpoint] = []
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        try:
            found.append(read_checkpoint(path))
        except CheckpointError as error:
            found.append(DamagedCheckpoint(path.name, path, str(error)))
    return sorted(sorted(found, key=_created, reverse=True), key=_bundled_rank)


def _created(entry: Checkpoint | DamagedCheckpoint) -> str:
    return entry.created if isinstance(entry, Checkpoint) else ""


def _bundled_rank(entry: Checkpoint | DamagedCheckpoint) -> int:
    if isinstance(entry, DamagedCheckpoint):
        return len(record.BUNDLED) + 1
    return record.BUNDLED.index(entry.id) if entry.bundled else len(record.BUNDLED)


def read_checkpoint(path: Path | str) -> Checkpoint:
    """The description of one checkpoint folder.

    Raises:
        CheckpointError: if it is missing, foreign, too new or damaged.
    """
    path = Path(path).resolve()
    if not path.is_dir():
        raise CheckpointError(f"There is no checkpoint folder {path}.")
    if not (path / record.CONFIG).is_file():
        raise CheckpointError(f"{path.name} is not a vaelab checkpoint: it has no config.json.")
    config = _read_json(path / record.CONFIG)
    if not isinstance(config, dict) or config.get("format") != record.FORMAT:
        raise CheckpointError(
            f"{path.name} is not a vaelab checkpoint: its config.json is another program’s."
        )
    version = config.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise CheckpointError(
            f"{path.name} is damaged: its format_version must be a whole number, got {version!r}."
        )
    if version > record.FORMAT_VERSION:
        raise CheckpointError(
            f"{path.name} was written by a newer vaelab (format {version}; this one reads up to "
            f"{record.FORMAT_VERSION})."
        )
    for name in (record.WEIGHTS, record.LATENTS):
        if not (path / name).is_file():
            raise CheckpointError(f"{path.name} is damaged: {name} is missing.")
    try:
        return _parse(path, config)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        what = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise CheckpointError(f"{path.name} is damaged: {what}") from error


def _parse(path: Path, config: Mapping[str, Any]) -> Checkpoint:
    history = _read_json(path / record.HISTORY) if (path / record.HISTORY).exists() else []
    report = _read_json(path / record.REPORT) if (path / record.REPORT).exists() else None
    data = config["data"]
    return Checkpoint(
        id=path.name,
        path=path,
        model_config=ModelConfig.from_dict(config["model"]),
        train_config=dict(config["training"]),
        data_spec=DataSpec.from_dict(data["spec"]),
        data_name=str(data["name"]),
        data_fingerprint=str(data["fingerprint"]),
        class_names=tuple(map(str, data["class_names"])),
        split_sizes={name: int(data["split_sizes"][name]) for name in data["split_sizes"]},
        created=str(config["created"]),
        epoch=int(config["epoch"]),
        n_parameters=int(config["n_parameters"]),
        weights_sha256=str(config["weights_sha256"]),
        history=tuple(map(dict, history)),
        report=None if report is None else Report.from_dict(report),
    )


def load_model(checkpoint: Checkpoint) -> Model:
    """The trained model on the CPU, without gradients.

    Raises:
        CheckpointError: if the weights are not the ones that config.json describes.
    """
    path = checkpoint.path / record.WEIGHTS
    content = _read_bytes(path, MAX_WEIGHTS_BYTES)
    if hashlib.sha256(content).hexdigest() != checkpoint.weights_sha256:
        raise CheckpointError(
            f"{checkpoint.id} is damaged: weights.safetensors has changed since it was saved."
        )
    _require_fitting(checkpoint, len(content))
    model = assemble_model(checkpoint.model_config)
    try:
        model.load_state_dict(safetensors.torch.load(content), strict=True)
    except (SafetensorError, RuntimeError) as error:
        raise CheckpointError(
            f"{checkpoint.id} is damaged: its weights do not fit the model in config.json."
        ) from error
    return model.eval().requires_grad_(False)


def _require_fitting(checkpoint: Checkpoint, size: int) -> None:
    """Refuse settings that ask for more weights than `size` bytes hold, before they are made."""
    config = checkpoint.model_config
    if config.width <= UNCOUNTED_WIDTH[config.network]:
        return
    with torch.device("meta"):  # sizes without memory
        state = assemble_model(config).state_dict()
    if sum(value.numel() * value.element_size() for value in state.values()) > size:
        raise CheckpointError(
            f"{checkpoint.id} is damaged: its weights do not fit the model in config.json."
        )


def load_latents(checkpoint: Checkpoint) -> Latents:
    """The stored codes of training and test images.

    Raises:
        CheckpointError: if the file is damaged.
    """
    arrays = read_arrays(checkpoint.path / record.LATENTS)
    try:
        log_var, labels = arrays.get("log_var"), arrays.get("labels")
        latents = Latents(
            mean=arrays["mean"].astype(np.float32),
            log_var=None if log_var is None else log_var.astype(np.float32),
            labels=None if labels is None else labels.astype(np.int64),
            split=arrays["split"].astype(np.uint8),
            index=arrays["index"].astype(np.int64),
        )
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{checkpoint.id} is damaged: latents.npz: {error}") from error
    if latents.mean.shape[1] != checkpoint.model_config.latent_dim:
        raise CheckpointError(
            f"{checkpoint.id} is damaged: latents.npz has {latents.mean.shape[1]} dimensions, "
            f"the model {checkpoint.model_config.latent_dim}."
        )
    return latents


def load_mixture(checkpoint: Checkpoint) -> CodeMixture | None:
    """The Gaussian mixture that an autoencoder is sampled through; None for a VAE.

    Raises:
        CheckpointError: if the file is missing or damaged.
    """
    if not checkpoint.model_config.is_autoencoder:
        return None
    try:
        return CodeMixture.from_arrays(read_arrays(checkpoint.path / record.MIXTURE))
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{checkpoint.id} is damaged: mixture.npz: {error}") from error


def load_splits(checkpoint: Checkpoint) -> dict[str, np.ndarray]:
    """`validation` and `test` (int64, sorted): where the splits' images stood in the source.

    Raises:
        CheckpointError: if the file is missing or damaged.
    """
    arrays = read_arrays(checkpoint.path / record.SPLITS)
    if set(arrays) != {"validation", "test"}:
        raise CheckpointError(f"{checkpoint.id} is damaged: splits.npz holds {sorted(arrays)}.")
    return {name: array.astype(np.int64) for name, array in arrays.items()}


def find_graph(checkpoint: Checkpoint, graph: str) -> Path | None:
    """The ONNX file of the checkpoint's `decoder` or `encoder`; None if it has none.

    Raises:
        ValueError: for another graph.
    """
    path = checkpoint.path / record.graph_name(graph, checkpoint.weights_sha256)
    return path if path.is_file() and not path.is_symlink() else None


def _read_bytes(path: Path, limit: int) -> bytes:
    try:
        if path.stat().st_size > limit:
            raise CheckpointError(f"{path.parent.name} is damaged: {path.name} is too large.")
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path.parent.name} cannot be read: {path.name}: {error}") from error


def _read_json(path: Path) -> Any:
    try:
        text = _read_bytes(path, MAX_JSON_BYTES).decode()
        values = json.loads(text)
        if _HALF_CHARACTER.search(text):  # or a whole one, as json itself writes it
            json.dumps(values, ensure_ascii=False).encode()
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise CheckpointError(
            f"{path.parent.name} is damaged: {path.name} is not valid JSON."
        ) from error
    return values
