"""Decoders and encoders as ONNX files for the browser: found, or exported once on first demand."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from pathlib import Path

from vaelab import settings
from vaelab.checkpoints import (
    GRAPHS,
    Checkpoint,
    CheckpointError,
    DamagedCheckpoint,
    find_graph,
    list_checkpoints,
)
from vaelab.runs.exporter import export_apart

log = logging.getLogger(__name__)

_lock = threading.Lock()  # one export at a time in this process; each takes a second or two


def graph_file(checkpoint: Checkpoint, graph: str) -> Path:
    """The ONNX file of the checkpoint's `decoder` or `encoder`.

    A run lays it beside its weights. Where it is missing (a bundled checkpoint, which would be
    twice as large with it, or one copied from elsewhere) it is exported into
    `home()/onnx/<sha256 of the weights>/`.

    Raises:
        ValueError: for another graph.
        CheckpointError: if the weights are damaged.
        OSError: if the disk refuses.
    """
    found = find_graph(checkpoint, graph)
    if found is not None:
        return found
    folder = _cache() / checkpoint.weights_sha256
    if not folder.is_dir():
        with _lock:
            if not folder.is_dir():
                _export(checkpoint, folder)
    return folder / f"{graph}.onnx"


def export_missing() -> None:
    """Have the graphs of every checkpoint ready before somebody asks; for the server's start."""
    for checkpoint in list_checkpoints():
        if isinstance(checkpoint, DamagedCheckpoint):
            continue
        try:
            graph_file(checkpoint, GRAPHS[0])
        except (CheckpointError, OSError) as error:
            log.warning("%s is not exported: %s", checkpoint.id, error)


def _cache() -> Path:
    return settings.home() / "onnx"


def _export(checkpoint: Checkpoint, folder: Path) -> None:
    """Both graphs in one step: another process may do the same, and whoever comes first wins."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        export_apart(checkpoint, temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
