"""Say what a data set, folder, zip or npz holds, before training on it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from vaelab.cli import PROGRAM
from vaelab.commands.options import add_options, given
from vaelab.commands.settings_options import DATA
from vaelab.commands.table import text_table
from vaelab.data import (
    DatasetSplits,
    DataSpec,
    class_histogram,
    load_dataset,
    preview_grid,
    resolve_source,
)

EPILOG = f"""examples:
  {PROGRAM} data digits --preview digits.png
  {PROGRAM} data ~/photos --image-size 64
  {PROGRAM} data mnist --data ~/data --json"""

MOST_SKIPPED = 20  # files named on the terminal; --json names all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="NAME_OR_PATH", help="digits, mnist, fashion-mnist, or a path"
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="folder of the named data sets' files, DIR/mnist/ and so on (default: $VAELAB_DATA)",
    )
    add_options(parser.add_argument_group("images"), DataSpec, DATA)
    parser.add_argument("--preview", metavar="PNG", help="write 64 training images to this file")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def run(parsed: argparse.Namespace) -> int:
    data_dir = Path(parsed.data).expanduser() if parsed.data else None
    spec = DataSpec(resolve_source(parsed.source, data_dir), **given(parsed, DATA))
    splits = load_dataset(spec, data_dir=data_dir)
    if parsed.preview:
        preview_grid(splits.train).save(parsed.preview, "PNG")
    print(json.dumps(as_json(splits), indent=2) if parsed.json else as_text(splits))
    return 0


def as_json(splits: DatasetSplits) -> dict[str, Any]:
    return {
        "name": splits.name,
        "spec": splits.spec.to_dict(),
        "image_shape": list(splits.image_shape),
        "train": len(splits.train),
        "validation": len(splits.validation),
        "test": len(splits.test),
        "classes": class_histogram(splits.train) if splits.class_names else {},
        "fingerprint": splits.fingerprint,
        "skipped": [{"path": file.path, "reason": file.reason} for file in splits.skipped],
    }


def as_text(splits: DatasetSplits) -> str:
    c, h, w = splits.image_shape
    colour = "grey" if c == 1 else "colour"
    lines = [
        f"{splits.name}: {w}x{h} pixels, {colour}",
        f"{len(splits.train):,} training, {len(splits.validation):,} validation, "
        f"{len(splits.test):,} test images",
    ]
    if splits.class_names:
        rows = [(name, f"{n:,}") for name, n in class_histogram(splits.train).items()]
        lines += ["", text_table(("class", "training images"), rows)]
    else:
        lines.append("no labels: a conditional VAE cannot be trained on it")
    if splits.skipped:
        lines += ["", f"{len(splits.skipped):,} skipped:"]
        lines += [f"  {file.path}: {file.reason}" for file in splits.skipped[:MOST_SKIPPED]]
        if len(splits.skipped) > MOST_SKIPPED:
            lines.append(f"  and {len(splits.skipped) - MOST_SKIPPED:,} more; --json names all")
    return "\n".join(lines)
