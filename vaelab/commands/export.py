"""Write a checkpoint for use elsewhere: as ONNX, an offline page, a notebook or a zip."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from vaelab.api import load_checkpoint
from vaelab.checkpoints import Checkpoint, load_latents, load_model, pack_checkpoint
from vaelab.cli import PROGRAM
from vaelab.export import export_onnx, graphs_of
from vaelab.standalone import standalone_html
from vaelab.standalone.notebook import notebook
from vaelab.standalone.page import size_text
from vaelab.standalone.start import start_of

SUFFIXES = {"html": "html", "notebook": "ipynb", "zip": "zip"}

EPILOG = f"""examples:
  {PROGRAM} export checkpoints/mnist-vae-2d --out onnx/
  {PROGRAM} export mnist-cvae --format html --out shared/
  {PROGRAM} export mnist-vae-2d --format html --z=0.5,-1 --out shared/"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", help="a checkpoint folder, or the name of one in the checkpoints folder"
    )
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    parser.add_argument(
        "--format",
        choices=("onnx", "html", "notebook", "zip"),
        default="onnx",
        help="encoder and decoder as ONNX (default), a page that works offline, a notebook that "
        "decodes a picture, or the folder as a zip for `import`",
    )
    parser.add_argument(
        "--z", metavar="NUMBERS", help="html, notebook: code that it starts at, with commas"
    )
    parser.add_argument(
        "--class", dest="label", metavar="NAME", help="html, notebook: class it starts at"
    )
    parser.add_argument(
        "--view",
        metavar="JSON",
        help="html, notebook: the start as JSON with z, class, blend and frames (each z, class)",
    )
    parser.add_argument("--json", action="store_true", help="print the paths as JSON")


def run(parsed: argparse.Namespace) -> int:
    view = _view(parsed)
    if view and parsed.format not in ("html", "notebook"):
        raise ValueError("--z, --class and --view belong to --format html and notebook.")
    checkpoint = load_checkpoint(parsed.checkpoint)
    out = Path(parsed.out).expanduser()
    if parsed.format == "onnx":
        paths = [str(path) for path in export_onnx(checkpoint, out)]
        print(json.dumps(paths, indent=2) if parsed.json else "\n".join(paths))
        return 0
    path = out / f"{checkpoint.id}.{SUFFIXES[parsed.format]}"
    out.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        _write(checkpoint, parsed.format, view, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    said = f"{path}  {size_text(path.stat().st_size)}"
    print(json.dumps([str(path)], indent=2) if parsed.json else said)
    return 0


def _write(checkpoint: Checkpoint, kind: str, view: dict[str, Any], path: Path) -> None:
    if kind == "zip":
        pack_checkpoint(checkpoint, path)
        return
    start = start_of(checkpoint, load_model(checkpoint), load_latents(checkpoint), view)
    if kind == "notebook":
        path.write_bytes(notebook(checkpoint, start))
    else:
        graphs = graphs_of(checkpoint)
        path.write_bytes(standalone_html(checkpoint, graphs["decoder"], start, graphs["encoder"]))


def _view(parsed: argparse.Namespace) -> dict[str, Any]:
    """What the three options ask for together.

    Raises:
        ValueError: for text that is no JSON object, or no numbers.
    """
    view: dict[str, Any] = {}
    if parsed.view is not None:
        try:
            view = json.loads(parsed.view)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"--view must be JSON, got {parsed.view[:40]!r}.") from error
        if not isinstance(view, dict):
            raise ValueError(f"--view must be a JSON object, got {parsed.view[:40]!r}.")
    if parsed.z is not None:
        try:
            view["z"] = [float(part) for part in parsed.z.split(",")]
        except ValueError:
            raise ValueError(f"--z must be numbers with commas, got {parsed.z[:40]!r}.") from None
    if parsed.label is not None:
        view["class"] = parsed.label
    return view
