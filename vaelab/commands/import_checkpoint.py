"""Make a checkpoint out of a zip file, after everything in it was checked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from vaelab import settings
from vaelab.checkpoints import unpack_checkpoint
from vaelab.cli import PROGRAM

EPILOG = f"""examples:
  {PROGRAM} import mnist-cvae.zip
  {PROGRAM} import mnist-cvae.zip --name from-a-friend"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a zip of a checkpoint folder, such as the app's download")
    parser.add_argument("--name", help="of the checkpoint; without, the archive's folder")
    parser.add_argument("--json", action="store_true", help="print the path as JSON")


def run(parsed: argparse.Namespace) -> int:
    path = Path(parsed.file).expanduser()
    checkpoint = unpack_checkpoint(path, settings.checkpoints_dir(), parsed.name)
    said = str(checkpoint.path)
    print(json.dumps({"checkpoint": said}) if parsed.json else said)
    return 0
