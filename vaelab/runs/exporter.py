"""ONNX export in a process of its own, for callers that have threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vaelab.checkpoints import Checkpoint, CheckpointError
from vaelab.runs.processes import child_environment

TIMEOUT_S = 600


def export_apart(checkpoint: Checkpoint, out_dir: Path) -> None:
    """Write `decoder.onnx` and `encoder.onnx` into `out_dir`.

    The exporter traces with state that is global to its process: torch in another thread, a page
    that decodes say, would fail meanwhile.

    Raises:
        CheckpointError: with the exporter's sentence, if it fails.
        OSError: if no process can be started.
    """
    command = [sys.executable, "-m", "vaelab", "export", str(checkpoint.path)]
    try:
        done = subprocess.run(
            [*command, "--out", str(out_dir)],
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckpointError(f"{checkpoint.id} was not exported in {TIMEOUT_S} s.") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        reason = said[-1].removeprefix("vaelab: ") if said else f"exit status {done.returncode}"
        raise CheckpointError(f"{checkpoint.id} was not exported: {reason}")
