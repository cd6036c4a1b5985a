"""Draw many pictures from a model's prior into one file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from vaelab.api import load_checkpoint
from vaelab.checkpoints import load_model
from vaelab.cli import PROGRAM
from vaelab.generate import FORMATS, SampleRequest, write_samples
from vaelab.standalone.page import size_text

EPILOG = f"""examples:
  {PROGRAM} sample mnist-cvae --per-class 100 --out digits.zip
  {PROGRAM} sample mnist-vae-2d --n 1000 --temperature 0.7 --format npz --out samples.npz"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checkpoint", help="a checkpoint folder, or the name of one in the checkpoints folder"
    )
    many = parser.add_mutually_exclusive_group(required=True)
    many.add_argument("--n", type=int, metavar="N", help="pictures in all, the classes in turn")
    many.add_argument("--per-class", type=int, metavar="N", help="pictures of each class")
    parser.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        metavar="X",
        help="factor of the prior's standard deviation, 0 to 3; below 1 gives more ordinary "
        "pictures (default: 1)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the draws (default: 0)"
    )
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="png",
        help="; ".join(f"{name}: {what}" for name, what in FORMATS.items()) + " (default: png)",
    )
    parser.add_argument("--out", metavar="FILE", required=True, help="the file that is written")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(parsed: argparse.Namespace) -> int:
    request = SampleRequest(
        n=parsed.n if parsed.per_class is None else parsed.per_class,
        per_class=parsed.per_class is not None,
        temperature=parsed.temperature,
        seed=parsed.seed,
        format=parsed.format,
    )
    checkpoint = load_checkpoint(parsed.checkpoint)
    path = Path(parsed.out).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r{done:,} of {total:,} pictures", end=end, file=sys.stderr, flush=True)

    samples = write_samples(checkpoint, load_model(checkpoint), request, path, tell)
    n_bytes = samples.path.stat().st_size
    if parsed.json:
        print(json.dumps({"path": str(samples.path), "n": samples.n, "bytes": n_bytes}))
    else:
        print(f"{samples.path}  {samples.n:,} pictures  {size_text(n_bytes)}")
    return 0
