"""Checkpoint folders: the only code that reads or writes them."""

from vaelab.checkpoints.read import (
    list_checkpoints,
    load_latents,
    load_mixture,
    load_model,
    load_splits,
    read_checkpoint,
)
from vaelab.checkpoints.record import (
    BUNDLED,
    Checkpoint,
    CheckpointError,
    DamagedCheckpoint,
)
from vaelab.checkpoints.write import (
    delete_checkpoint,
    require_valid_id,
    save_checkpoint,
    update_report,
)

__all__ = [
    "BUNDLED",
    "Checkpoint",
    "CheckpointError",
    "DamagedCheckpoint",
    "delete_checkpoint",
    "list_checkpoints",
    "load_latents",
    "load_mixture",
    "load_model",
    "load_splits",
    "read_checkpoint",
    "require_valid_id",
    "save_checkpoint",
    "update_report",
]
