"""A checkpoint of the digits that is made in a moment: its weights are untrained."""

from __future__ import annotations

from pathlib import Path

from vaelab.checkpoints import Checkpoint, save_checkpoint
from vaelab.data import load_dataset
from vaelab.latent.encode import encode_dataset
from vaelab.models import ModelConfig, build_model


def small_checkpoint(root: Path, name: str = "small") -> Checkpoint:
    """A CVAE of three dimensions with a prior for each class, and the codes of its test images."""
    splits = load_dataset("digits")
    config = ModelConfig(latent_dim=3, width=16, n_classes=10, prior="class_gaussian")
    model = build_model(config)
    return save_checkpoint(
        root,
        name,
        model=model,
        train_config={"epochs": 1},
        splits=splits,
        latents=encode_dataset(model, splits.test),
        history=[{"epoch": 1}],
        preview_png=b"\x89PNG\r\n\x1a\n",
    )
