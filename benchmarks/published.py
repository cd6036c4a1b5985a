"""Train by published recipes, and hold the test log-likelihoods against the published ones.

    python -m benchmarks.published [NAMES] --data DIR --out DIR [--epochs N] [--threads N] [--json]

A checkpoint that is in `--out` already is only measured. Each recipe prints the epochs and the
processor time that it was given: published budgets are mostly larger. `--list` names the recipes.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vaelab import train
from vaelab.checkpoints import Checkpoint, list_checkpoints, read_checkpoint
from vaelab.data import DataSpec, resolve_source
from vaelab.evaluation import EvaluationSettings, Report
from vaelab.runs.measuring import measure

BURDA = {
    "network": "mlp",
    "depth": 2,
    "width": 200,
    "activation": "tanh",
    "latent_dim": 50,
    "binarisation": "dynamic",
    "batch_size": 100,
    "learning_rate": 2e-3,
    "weight_decay": 0.0,
}
CONV = {"network": "conv", "latent_dim": 50, "binarisation": "dynamic"}
STATIC = {
    **BURDA,
    "depth": 1,
    "width": 400,
    "activation": "relu",
    "latent_dim": 40,
    "binarisation": "fixed",
}
VALIDATION = 0.02  # of the 60,000 images: most of them are trained on, as in the papers
FASHION = {**CONV, "latent_dim": 32, "binarisation": "none"}


@dataclass(frozen=True)
class Recipe:
    """What is trained, and what others report for it.

    Attributes:
        about: the recipe in words.
        chosen: fields of the model's and the training's settings.
        epochs: passes over the training images, unless told otherwise.
        published: negative log-likelihood in nats an image, or None.
        source: of the published figure.
        n_log_px, n_samples: test images and importance samples for log p(x).
    """

    about: str
    chosen: Mapping[str, Any]
    epochs: int
    dataset: str = "mnist"
    family: str = "vae"
    published: float | None = None
    source: str = ""
    n_log_px: int = 1_000
    n_samples: int = 5_000


RECIPES: dict[str, Recipe] = {
    "vae": Recipe("VAE 784-200-200-50, tanh", BURDA, 400, published=86.76, source="Burda 2016"),
    "iwae-5": Recipe(
        "IWAE, k = 5", {**BURDA, "iwae_samples": 5}, 100, published=85.54, source="Burda 2016"
    ),
    "iwae-50": Recipe(
        "IWAE, k = 50", {**BURDA, "iwae_samples": 50}, 20, published=84.78, source="Burda 2016"
    ),
    "static": Recipe(
        "VAE 784-400-40, ReLU, pixels binarised once",
        STATIC,
        100,
        published=89.78,
        source="pythae's table, 500 epochs",
    ),
    "cvae": Recipe("CVAE, prior N(0, I)", BURDA, 400, family="cvae"),
    "cvae-prior": Recipe(
        "CVAE, learned prior p(z|c)",
        {**BURDA, "prior": "class_gaussian"},
        400,
        family="cvae",
        published=82.32,
        source="nbip/IWAE, prior p(z|label), z of 100",
    ),
    "conv": Recipe(
        "default convolutional VAE, K = 50",
        CONV,
        80,
        published=86.76,
        source="Burda 2016, fully connected",
        n_log_px=200,
        n_samples=1_000,
    ),
    "fashion": Recipe(
        "default convolutional VAE, K = 32, grey",
        FASHION,
        40,
        "fashion-mnist",
        n_log_px=200,
        n_samples=1_000,
    ),
}


@dataclass(frozen=True)
class Result:
    """One row of the table; nats an image."""

    name: str
    about: str
    epochs: int
    processor_seconds: float | None  # of training; None where it was trained before
    seconds: float | None
    elbo: float
    elbo_error: float
    nll: float
    nll_error: float
    n_images: int
    n_samples: int
    published: float | None
    source: str


def trained(
    name: str, recipe: Recipe, chosen: argparse.Namespace
) -> tuple[Checkpoint, tuple[float, float] | None]:
    """The recipe's checkpoint, and (processor seconds, seconds) of its training or None."""
    if name in {entry.id for entry in list_checkpoints(chosen.out)}:
        return read_checkpoint(chosen.out / name), None
    began, before = processor_seconds(), time.perf_counter()
    source = resolve_source(recipe.dataset, chosen.data)
    checkpoint = train(
        DataSpec(source, validation_fraction=VALIDATION), recipe.family, name=name,
        checkpoints=chosen.out, data_dir=chosen.data,
        epochs=chosen.epochs or recipe.epochs, threads=chosen.threads, seed=chosen.seed,
        **recipe.chosen,
    )  # fmt: skip
    return checkpoint, (processor_seconds() - began, time.perf_counter() - before)


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(checkpoint: Checkpoint, recipe: Recipe, chosen: argparse.Namespace) -> Report:
    settings = EvaluationSettings(
        sections=("bounds", "likelihood"),
        binarisation=str(recipe.chosen["binarisation"]),
        n_importance_samples=recipe.n_samples,
        n_log_px=recipe.n_log_px,
        n_ais=0,
    )
    return measure(checkpoint, settings, data_dir=chosen.data, save=True)


def result(name: str, recipe: Recipe, chosen: argparse.Namespace) -> Result:
    checkpoint, spent = trained(name, recipe, chosen)
    report = measured(checkpoint, recipe, chosen)
    elbo, log_px = report["elbo"], report["log_px"]
    return Result(
        name, recipe.about, checkpoint.epoch,
        spent[0] if spent else None, spent[1] if spent else None,
        elbo.value, elbo.standard_error or 0.0, -log_px.value, log_px.standard_error or 0.0,
        log_px.n_images, recipe.n_samples, recipe.published, recipe.source,
    )  # fmt: skip


def line(row: Result) -> str:
    spent = "" if row.processor_seconds is None else f", {row.processor_seconds / 60:.0f} min"
    against = "" if row.published is None else f"; published {row.published} ({row.source})"
    return (
        f"{row.name:<11} {row.about}: {row.epochs} epochs{spent}; test ELBO {row.elbo:.2f} "
        f"± {row.elbo_error:.2f}, -log p(x) {row.nll:.2f} ± {row.nll_error:.2f} "
        f"({row.n_images} images, S = {row.n_samples}){against}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(RECIPES))
    parser.add_argument("--data", type=Path, help="folder with mnist/ and fashion-mnist/")
    parser.add_argument("--out", type=Path, default=Path("published"), help="checkpoints go here")
    parser.add_argument("--epochs", type=int, default=0, help="0: the recipe's own")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(RECIPES):
        parser.error(f"no recipe {', '.join(sorted(unknown))}; there are {', '.join(RECIPES)}.")
    if chosen.list:
        for name, recipe in RECIPES.items():
            print(f"{name:<11} {recipe.about}, {recipe.epochs} epochs")
        return
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in chosen.names or RECIPES:
        row = result(name, RECIPES[name], chosen)
        print(json.dumps(asdict(row)) if chosen.json else line(row), flush=True)


if __name__ == "__main__":
    main()
