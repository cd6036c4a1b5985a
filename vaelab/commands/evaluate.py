"""Measure a checkpoint: bounds, log p(x), reconstructions, samples and codes, with their errors."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from vaelab.api import load_checkpoint
from vaelab.checkpoints import Checkpoint
from vaelab.cli import PROGRAM
from vaelab.commands.options import Option, add_options, given
from vaelab.commands.table import text_table
from vaelab.data.binarisation import BINARISATIONS
from vaelab.evaluation import BY_SECTION, EvaluationSettings, Report
from vaelab.runs.measuring import measure, settings_for
from vaelab.runs.threads import limited_threads

OPTIONS: dict[str, Option] = {
    "seed": Option("of noise and samples"),
    "batch_size": Option("images a forward pass"),
    "n_importance_samples": Option("posterior samples an image for log p(x); papers use 5,000"),
    "n_log_px": Option("images for log p(x), evenly spaced"),
    "n_ais": Option("images for annealed importance sampling, where it is needed; 0 for none"),
    "n_ais_chains": Option("chains an image"),
    "n_ais_steps": Option("distributions between prior and posterior"),
    "n_aggregate": Option("codes of the aggregate posterior"),
    "n_typicality": Option("images of each kind that are told apart"),
    "n_typicality_samples": Option("importance samples of each of them"),
    "n_ssim": Option("images for the structural similarity"),
    "n_codes": Option("training codes that probes are fitted to"),
    "n_projection": Option("codes of the map that is judged"),
    "n_samples": Option("samples that are held against as many test images"),
    "n_per_class": Option("samples of each class that the classifier is asked about"),
    "classifier_steps": Option("batches of 128 images that the classifier is trained for"),
    "n_factor_codes": Option("training and test codes for MIG, DCI and SAP"),
}

EPILOG = f"""What is in the checkpoint's report, with the same settings, is not computed again.

examples:
  {PROGRAM} evaluate checkpoints/mnist-vae-2d --data ~/data
  {PROGRAM} evaluate mnist-vae-2d --json
  {PROGRAM} evaluate mnist-vae-2d --sections bounds,reconstruction"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{PROGRAM} evaluate [options] CHECKPOINT"
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT",
        help="a checkpoint folder, or the name of one in the checkpoints folder",
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
    add_options(parser.add_argument_group("what is measured"), EvaluationSettings, OPTIONS)
    parser.add_argument(
        "--sections",
        metavar="NAMES",
        help=f"some, with commas between, of {', '.join(BY_SECTION)} (default: all that the model "
        "and data have)",
    )
    parser.add_argument(
        "--binarisation",
        choices=list(BINARISATIONS),
        help="of the pixels that are scored; part of the figures' names (default: as in training)",
    )
    parser.add_argument(
        "--other",
        metavar="NAME_OR_PATH",
        help="images that the data's are told from (default: fashion-mnist, mnist or digits)",
    )
    parser.add_argument("--fresh", action="store_true", help="compute what is in the report anew")
    parser.add_argument(
        "--save",
        action="store_true",
        help="put each section into the checkpoint when it is done (test split only)",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(parsed: argparse.Namespace) -> int:
    if parsed.save and parsed.split != "test":
        raise ValueError("--save keeps the report of the test split; leave out --split.")
    checkpoint = load_checkpoint(parsed.checkpoint)
    report = report_of(checkpoint, parsed)
    if parsed.json:
        print(json.dumps(as_json(checkpoint, parsed.split, report), indent=2))
    else:
        print(as_text(checkpoint, report))
    return 0


def report_of(checkpoint: Checkpoint, parsed: argparse.Namespace) -> Report:
    """The report of the split asked for, on the data that the checkpoint was trained on."""
    settings = settings_for(checkpoint, EvaluationSettings(**given(parsed, OPTIONS)))
    if parsed.binarisation:
        settings = replace(settings, binarisation=parsed.binarisation)
    if parsed.sections:
        settings = replace(settings, sections=tuple(parsed.sections.split(",")))
    with (
        limited_threads(),
        tqdm(total=100, leave=False, disable=not sys.stderr.isatty(), unit="%") as bar,
    ):

        def progress(fraction: float, what: str) -> None:
            bar.set_description(what, refresh=False)
            bar.update(round(100 * fraction) - bar.n)

        return measure(
            checkpoint,
            settings,
            split=parsed.split,
            data_dir=Path(parsed.data).expanduser() if parsed.data else None,
            other=parsed.other,
            fresh=parsed.fresh,
            save=parsed.save,
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
        if figure.interval_low is not None:
            values[f"{figure.key}_interval"] = [figure.interval_low, figure.interval_high]
    values["report"] = report.to_dict()
    return values


def as_text(checkpoint: Checkpoint, report: Report) -> str:
    """A table of the figures, and the notes below it.

    How pixels are scored, which many names end with, is said once above it.
    """
    scored = _scored(report)
    rows = []
    for figure in report.figures:
        error = "" if figure.standard_error is None else f"± {figure.standard_error:.3g}"
        if figure.interval_low is not None and figure.interval_high is not None:
            error = f"{figure.interval_low:.3g} to {figure.interval_high:.3g}"
        images = f"{figure.n_images:,} {figure.split}"
        name = figure.name
        if scored:
            name = name.removesuffix(f" ({scored})").replace(f"; {scored})", ")")
        rows.append((name, f"{figure.value:.4g}", error, figure.unit, images))
    head = ("figure", "value", "± standard error, or 95%", "unit", "images")
    title = [f"{checkpoint.id}: {checkpoint.model_config.family_label}, {checkpoint.path}"]
    if scored:
        title.append(f"likelihoods: {scored}")
    return "\n".join((*title, "", text_table(head, rows), "", *report.notes)).rstrip()


def _scored(report: Report) -> str:
    """What stands in brackets behind the distortion's name; empty where nothing does."""
    figure = report.get("distortion")
    return "" if figure is None else figure.name.partition(" (")[2].removesuffix(")")
