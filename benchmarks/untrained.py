"""Checkpoints of untrained models with default settings: what they cost does not need training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vaelab.checkpoints import save_checkpoint
from vaelab.data import load_dataset
from vaelab.latent import Latents
from vaelab.models import ModelConfig, build_model
from vaelab.pictures import png_bytes, to_picture

CODES = 4000  # as many as a page of a trained model is sent
IMAGES = 64


def untrained_checkpoint(root: Path, side: int) -> Path:
    """The default VAE of RGB images of that side, with the likelihood that the Train page suggests.

    Its images and codes are noise.
    """
    rng = np.random.default_rng(0)
    name = f"untrained-{side}"
    images = rng.integers(0, 256, (IMAGES, side, side, 3), np.uint8)
    root.mkdir(parents=True, exist_ok=True)
    archive = root / f"{name}.npz"
    np.savez(archive, x=images)
    config = ModelConfig(image_shape=(3, side, side), likelihood="gaussian")
    mean = rng.standard_normal((CODES, config.latent_dim)).astype(np.float32)
    latents = Latents(
        mean,
        np.full_like(mean, -3.0),
        None,
        np.zeros(CODES, np.uint8),
        np.arange(CODES, dtype=np.int64) % IMAGES,
    )
    checkpoint = save_checkpoint(
        root,
        name,
        model=build_model(config, 0),
        train_config={},
        splits=load_dataset(str(archive)),
        latents=latents,
        history=[],
        preview_png=png_bytes(to_picture(images[0].transpose(2, 0, 1))),
    )
    return checkpoint.path
