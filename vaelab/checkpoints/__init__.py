"""Checkpoint folders: the only code that reads or writes them."""

from vaelab.checkpoints.archive import pack_checkpoint, unpack_checkpoint
from vaelab.checkpoints.kept import keep_arrays, kept_arrays
from vaelab.checkpoints.read import (
    find_graph,
    list_checkpoints,
    load_latents,
    load_mixture,
    load_model,
    load_splits,
    read_checkpoint,
)
from vaelab.checkpoints.record import (
    BUNDLED,
    GRAPHS,
    Checkpoint,
    CheckpointError,
    DamagedCheckpoint,
)
from vaelab.checkpoints.remote import Refreshed, RemoteError, publish, refresh
from vaelab.checkpoints.tensor_file import read_tensors, write_tensors
from vaelab.checkpoints.write import (
    add_graphs,
    delete_checkpoint,
    require_valid_id,
    save_checkpoint,
    update_report,
)

__all__ = [
    "BUNDLED",
    "GRAPHS",
    "Checkpoint",
    "CheckpointError",
    "DamagedCheckpoint",
    "Refreshed",
    "RemoteError",
    "add_graphs",
    "delete_checkpoint",
    "find_graph",
    "keep_arrays",
    "kept_arrays",
    "list_checkpoints",
    "load_latents",
    "load_mixture",
    "load_model",
    "load_splits",
    "pack_checkpoint",
    "publish",
    "read_checkpoint",
    "read_tensors",
    "refresh",
    "require_valid_id",
    "save_checkpoint",
    "unpack_checkpoint",
    "update_report",
    "write_tensors",
]
