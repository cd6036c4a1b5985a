"""Writing checkpoint folders, in one step each."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch

from vaelab.checkpoints import record
from vaelab.checkpoints.folder import remove_folder, replace_file, replaced_folder
from vaelab.checkpoints.read import read_checkpoint
from vaelab.checkpoints.record import Checkpoint, CheckpointError
from vaelab.data import DatasetSplits
from vaelab.evaluation.report import Report
from vaelab.latent.encode import Latents
from vaelab.latent.mixture import CodeMixture
from vaelab.models import Model, count_parameters

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def require_valid_id(checkpoint_id: str) -> None:
    """Refuse names that are not a plain folder name.

    Raises:
        ValueError: naming what is allowed.
    """
    if not _ID.fullmatch(checkpoint_id):
        raise ValueError(
            "a checkpoint's name must be 1 to 100 letters, digits, '.', '_' or '-', starting "
            f"with a letter or digit, got {checkpoint_id!r}."
        )


def save_checkpoint(
    root: Path,
    checkpoint_id: str,
    *,
    model: Model,
    train_config: Mapping[str, Any],
    splits: DatasetSplits,
    latents: Latents,
    history: Sequence[Mapping[str, Any]],
    preview_png: bytes,
    report: Report | None = None,
    mixture: CodeMixture | None = None,
) -> Checkpoint:
    """Write or replace the checkpoint `root/checkpoint_id`.

    Raises:
        ValueError: for an invalid name, or an autoencoder without its mixture.
        OSError: if the disk refuses; an old checkpoint of that name is then untouched.
    """
    require_valid_id(checkpoint_id)
    if model.config.is_autoencoder and mixture is None:
        raise ValueError("mixture must be given for an autoencoder, got None.")
    weights = _weights(model)
    config = {
        "format": record.FORMAT,
        "format_version": record.FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model.config.to_dict(),
        "training": dict(train_config),
        "data": _data(splits),
        "epoch": len(history),
        "n_parameters": count_parameters(model),
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "torch_version": torch.__version__,
    }
    with replaced_folder(root / checkpoint_id) as folder:
        (folder / record.CONFIG).write_bytes(_json(config))
        (folder / record.WEIGHTS).write_bytes(weights)
        (folder / record.LATENTS).write_bytes(_npz(_latent_arrays(latents)))
        (folder / record.HISTORY).write_bytes(_json(list(map(dict, history))))
        (folder / record.SPLITS).write_bytes(_npz(_split_arrays(splits)))
        (folder / record.PREVIEW).write_bytes(preview_png)
        if report is not None:
            (folder / record.REPORT).write_bytes(_json(report.to_dict()))
        if mixture is not None:
            (folder / record.MIXTURE).write_bytes(_npz(mixture.to_arrays()))
    return read_checkpoint(root / checkpoint_id)


def update_report(checkpoint: Checkpoint, report: Report) -> Checkpoint:
    """Replace the report of an existing checkpoint."""
    replace_file(checkpoint.path / record.REPORT, _json(report.to_dict()))
    return read_checkpoint(checkpoint.path)


def add_graphs(checkpoint: Checkpoint, graphs: Mapping[str, bytes]) -> None:
    """Lay the ONNX files of a checkpoint's `decoder` and `encoder` beside its weights.

    Raises:
        ValueError: for another graph.
        OSError: if the disk refuses.
    """
    for graph, content in graphs.items():
        name = record.graph_name(graph, checkpoint.weights_sha256)
        replace_file(checkpoint.path / name, content)


def delete_checkpoint(checkpoint: Checkpoint) -> None:
    """Remove a checkpoint folder for good.

    Raises:
        CheckpointError: for one that came with the project.
    """
    if checkpoint.bundled:
        raise CheckpointError(f"{checkpoint.id} came with the project and is not deleted here.")
    remove_folder(checkpoint.path)


def _weights(model: Model) -> bytes:
    state = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    return safetensors.torch.save(state, metadata={"format": "pt"})


def _data(splits: DatasetSplits) -> dict[str, Any]:
    return {
        "spec": splits.spec.to_dict(),
        "name": splits.name,
        "fingerprint": splits.fingerprint,
        "class_names": list(splits.class_names),
        "split_sizes": {
            part.split: len(part) for part in (splits.train, splits.validation, splits.test)
        },
    }


def _latent_arrays(latents: Latents) -> dict[str, np.ndarray]:
    """Half precision is ample for a variance, and halves the largest part of the folder."""
    arrays: dict[str, np.ndarray] = {
        "mean": latents.mean,
        "split": latents.split,
        "index": latents.index.astype(np.int32),
    }
    if latents.log_var is not None:
        arrays["log_var"] = latents.log_var.astype(np.float16)
    if latents.labels is not None:
        arrays["labels"] = latents.labels.astype(np.int16)
    return arrays


def _split_arrays(splits: DatasetSplits) -> dict[str, np.ndarray]:
    return {
        "validation": splits.validation_indices.astype(np.int32),
        "test": splits.test_indices.astype(np.int32),
    }


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, allow_nan=False) + "\n").encode()
