"""Write a checkpoint's encoder and decoder as ONNX files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from vaelab.api import load_checkpoint
from vaelab.cli import PROGRAM
from vaelab.export import export_onnx

EPILOG = f"""examples:
  {PROGRAM} export checkpoints/mnist-vae-2d --out onnx/"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", help="a checkpoint folder, or the name of one in the checkpoints folder"
    )
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    parser.add_argument("--json", action="store_true", help="print the paths as JSON")


def run(parsed: argparse.Namespace) -> int:
    checkpoint = load_checkpoint(parsed.checkpoint)
    paths = [str(path) for path in export_onnx(checkpoint, Path(parsed.out).expanduser())]
    print(json.dumps(paths, indent=2) if parsed.json else "\n".join(paths))
    return 0
