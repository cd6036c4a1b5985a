"""ONNX files of the bundled models, as a server keeps them: FOLDER [LEFT OUT...]."""

from __future__ import annotations

import sys
from pathlib import Path

from vaelab.checkpoints import BUNDLED, read_checkpoint
from vaelab.export import export_onnx

PROJECT = Path(__file__).resolve().parents[2]


def main(folder: Path, left_out: list[str]) -> None:
    for name in BUNDLED:
        checkpoint = read_checkpoint(PROJECT / "checkpoints" / name)
        if name not in left_out:
            export_onnx(checkpoint, folder / checkpoint.weights_sha256)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
