"""Measure a checkpoint: ELBO, distortion, rate, log p(x) and more, each with its standard error."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from vaelab.api import load_checkpoint
from vaelab.checkpoints import Checkpoint, load_model, update_report
from vaelab.cli import PROGRAM
from vaelab.commands.table import text_table
from vaelab.data import load_dataset
from vaelab.evaluation import Report, evaluate
from vaelab.runs.threads import limited_threads

EPILOG = f"""examples:
  {PROGRAM} evaluate checkpoints/mnist-vae-2d --data ~/data
  {PROGRAM} evaluate mnist-vae-2d --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", help="a checkpoint folder, or the name of one in the checkpoints folder"
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="folder of the named data sets' files, DIR/mnist/ and so on (default: $VAELAB_DATA)",
    )
    parser.add_argument(
        "--split",
        choices=("test", "validation"),
        default="test",
        help="images to measure on (default: test)",
    )
    parser.add_argument(
        "--importance-samples",
        type=int,
        default=64,
        metavar="int",
        help="posterior samples an image for log p(x) (default: 64)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="int", help="default: 0")
    parser.add_argument(
        "--save", action="store_true", help="put the report into the checkpoint (test split only)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(parsed: argparse.Namespace) -> int:
    if parsed.save and parsed.split != "test":
        raise ValueError("--save keeps the report of the test split; leave out --split.")
    checkpoint = load_checkpoint(parsed.checkpoint)
    report = measure(checkpoint, parsed)
    if parsed.save:
        update_report(checkpoint, report)
    if parsed.json:
        print(json.dumps(as_json(checkpoint, parsed.split, report), indent=2))
    else:
        print(as_text(checkpoint, report))
    return 0


def measure(checkpoint: Checkpoint, parsed: argparse.Namespace) -> Report:
    """The report of the split asked for, on the data that the checkpoint was trained on."""
    data_dir = Path(parsed.data).expanduser() if parsed.data else None
    splits = load_dataset(checkpoint.data_spec, data_dir=data_dir)
    images = splits.test if parsed.split == "test" else splits.validation
    with (
        limited_threads(),
        tqdm(total=100, leave=False, disable=not sys.stderr.isatty(), unit="%") as bar,
    ):

        def progress(fraction: float, what: str) -> None:
            bar.set_description(what, refresh=False)
            bar.update(round(100 * fraction) - bar.n)

        return evaluate(
            load_model(checkpoint),
            images,
            n_importance_samples=parsed.importance_samples,
            seed=parsed.seed,
            progress=progress,
        )


def as_json(checkpoint: Checkpoint, split: str, report: Report) -> dict[str, Any]:
    """Each figure by its key, its standard error beside it, and all of the report below."""
    values: dict[str, Any] = {
        "checkpoint": str(checkpoint.path),
        "source": checkpoint.data_spec.source,
        "split": split,
        "n_images": max(figure.n_images for figure in report.figures),
        "unit": "nats per image",
    }
    for figure in report.figures:
        values[figure.key] = figure.value
        if figure.standard_error is not None:
            values[f"{figure.key}_standard_error"] = figure.standard_error
    values["report"] = report.to_dict()
    return values


def as_text(checkpoint: Checkpoint, report: Report) -> str:
    """A table of the figures, and the notes below it."""
    rows = []
    for figure in report.figures:
        error = "" if figure.standard_error is None else f"± {figure.standard_error:.3g}"
        images = f"{figure.n_images:,} {figure.split}"
        rows.append((figure.name, f"{figure.value:.4g}", error, figure.unit, images))
    head = ("figure", "value", "standard error", "unit", "images")
    title = f"{checkpoint.id}: {checkpoint.model_config.family_label}, {checkpoint.path}"
    return "\n".join((title, "", text_table(head, rows), *report.notes))
