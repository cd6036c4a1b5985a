"""Set checkpoints' reports side by side, with paired differences from the first."""

from __future__ import annotations

import argparse
from pathlib import Path

from vaelab.api import load_checkpoint
from vaelab.checkpoints import Checkpoint
from vaelab.cli import PROGRAM
from vaelab.evaluation.compare import compare
from vaelab.evaluation.exports import FORMATS
from vaelab.evaluation.report import Report

EPILOG = f"""Intervals are 95%, of a paired bootstrap over the images that both were measured on.

examples:
  {PROGRAM} compare mnist-vae-2d mnist-cvae
  {PROGRAM} compare a b c --format html --out report.html"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoints",
        nargs="+",
        metavar="CHECKPOINT",
        help="checkpoint folders, or names of some in the checkpoints folder",
    )
    parser.add_argument(
        "--format", choices=list(FORMATS), default="markdown", help="default: markdown"
    )
    parser.add_argument("--out", metavar="FILE", help="write to a file instead of the terminal")


def run(parsed: argparse.Namespace) -> int:
    checkpoints = [load_checkpoint(name) for name in parsed.checkpoints]
    text = FORMATS[parsed.format](
        compare(reports_of(checkpoints), same_images=measured_alike(checkpoints))
    )
    if parsed.out:
        Path(parsed.out).expanduser().write_text(text, encoding="utf-8")
        print(parsed.out)
    else:
        print(text, end="")
    return 0


def reports_of(checkpoints: list[Checkpoint]) -> dict[str, Report]:
    """Their reports by name; ValueError for one without a report, or the same one twice."""
    reports: dict[str, Report] = {}
    paths = [checkpoint.path for checkpoint in checkpoints]
    for checkpoint in checkpoints:
        if paths.count(checkpoint.path) > 1:
            raise ValueError(f"{checkpoint.path} was given twice.")
        if checkpoint.report is None:
            raise ValueError(
                f"{checkpoint.id} has no report; make one with {PROGRAM} evaluate "
                f"{checkpoint.path} --save."
            )
        name = checkpoint.id if checkpoint.id not in reports else str(checkpoint.path)
        reports[name] = checkpoint.report
    return reports


def measured_alike(checkpoints: list[Checkpoint]) -> bool:
    """Whether all were measured on the same images."""
    return len({(c.data_fingerprint, c.data_spec) for c in checkpoints}) == 1
