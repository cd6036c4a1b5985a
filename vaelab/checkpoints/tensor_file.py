"""A file of named tensors with a description: written in one step, read without running code."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from torch import Tensor

from vaelab.checkpoints.folder import sync
from vaelab.checkpoints.record import CheckpointError

_DESCRIPTION = "description"  # the one key of the header, JSON


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], description: Mapping[str, Any]
) -> None:
    """Write or replace a file: to a temporary beside it, flushed to disk, renamed.

    Raises:
        OSError: if the disk refuses; an old file of that name is then untouched.
    """
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    header = {_DESCRIPTION: json.dumps(description, allow_nan=False)}
    try:
        with temporary.open("wb") as file:
            file.write(safetensors.torch.save(plain, metadata=header))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors, on the CPU, and the description of a file that `write_tensors` wrote.

    Raises:
        CheckpointError: if the file is damaged or another program's.
        FileNotFoundError: if there is none.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        description = json.loads(header[_DESCRIPTION])
    except (safetensors.SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{path} is damaged: {error}.") from error
    return tensors, description
